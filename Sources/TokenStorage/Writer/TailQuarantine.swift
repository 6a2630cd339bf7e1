internal import LinuxIO

/// Copies of dropped tails. The bytes stay in their segment too, but a segment is deleted when a
/// snapshot has made it superfluous, and somebody may want to know what was in them.
enum TailQuarantine {
  /// More than these are not kept: a daemon that dies again and again must not fill the disk.
  static let fileCountMax = 16

  /// Copies the tail into a file of its own, whole and on the disk or not there at all. On a full
  /// disk, or where there are enough of them, nothing is kept.
  static func keep(_ tail: TornTail, _ disk: any Disk) throws(SystemError) {
    let name = JournalNames.quarantine(segment: tail.file, offset: tail.range.lowerBound)
    let kept = try disk.list().filter(JournalNames.isQuarantine)
    guard !tail.range.isEmpty, !kept.contains(name), kept.count < fileCountMax else { return }
    do throws(SystemError) {
      try copy(tail, disk)
      try disk.rename(JournalNames.preparedQuarantine, to: name)
      try disk.syncDirectory()
    } catch  where error.isNoSpace {
      try? disk.unlink(JournalNames.preparedQuarantine)
    }
  }

  private static func copy(_ tail: TornTail, _ disk: any Disk) throws(SystemError) {
    let source = try disk.open(tail.file, isWritable: false)
    let target = try disk.create(JournalNames.preparedQuarantine)
    var offset = tail.range.lowerBound
    while offset < tail.range.upperBound {
      let bytes = try source.read(
        byteCount: min(256 * journalBlockBytes, tail.range.upperBound - offset), at: offset)
      if bytes.isEmpty { break }
      try target.writeWhole(bytes, at: offset - tail.range.lowerBound)
      offset += bytes.count
    }
    try target.sync()
  }
}
