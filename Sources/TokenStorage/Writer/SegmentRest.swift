internal import LinuxIO

/// What lies in a segment after its end, once another one follows: zeros that were never needed, or
/// a tail that was dropped and copied. A start begins a segment of its own, so without this a
/// service that is started often and asked little would fill its disk with them.
public enum SegmentRest {
  /// Gives the room back, of the newest segment first; files keep their sizes and all that is in
  /// them. What does not work is left as it is.
  ///
  /// - Parameter segments: as a start found them, before it began its own.
  public static func release(_ segments: [SegmentSummary], _ disk: any Disk) {
    // The reserve is a name, and soon another file's.
    for segment in segments.reversed() where segment.file != JournalNames.reserve {
      try? release(segment, disk)
    }
  }

  private static func release(
    _ segment: SegmentSummary, _ disk: any Disk
  ) throws(SystemError) {
    let file = try disk.open(segment.file, isWritable: true)
    var offset = segment.usedBytes
    while offset < segment.byteCount {
      let count = min(pieceBytes, segment.byteCount - offset)
      try file.release(byteCount: count, at: offset)
      offset += count
    }
  }

  /// Little by little, so that no sync of the journal waits for all of it.
  private static let pieceBytes = 4 * 1_024 * 1_024
}
