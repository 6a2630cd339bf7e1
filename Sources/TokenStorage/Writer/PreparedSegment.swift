public import LinuxIO

/// A zero-filled, synced file that becomes the next segment. Made ahead of need, on any thread, so
/// that a full disk is met here and not in the middle of a batch.
public struct PreparedSegment: Sendable {
  let file: any DiskFile
  let byteCount: Int

  /// A write, which whoever shares the processor waits for.
  private static let pieceBytes = 64 * 1_024
  /// A sync, which the journal's next one waits for.
  private static let syncedBytes = 4 * 1_024 * 1_024

  /// Writes and syncs `prepared.tmp`. On an error the file is removed again; `ENOSPC` and `EDQUOT`
  /// mean that the disk is full, everything else is for `JournalWriter.fail`.
  ///
  /// - Parameter afterPiece: called after each piece of 64 KiB.
  public static func make(
    _ disk: any Disk, _ options: JournalOptions, afterPiece: () -> Void = {}
  ) throws(SystemError) -> PreparedSegment {
    try make(disk, byteCount: options.segmentBytes, afterPiece: afterPiece)
  }

  /// The same with so many bytes, rounded up to blocks.
  static func make(
    _ disk: any Disk, byteCount: Int, afterPiece: () -> Void = {}
  ) throws(SystemError) -> PreparedSegment {
    let byteCount = roundedUpToBlocks(byteCount)
    precondition(byteCount >= JournalOptions.leastSegmentBytes, "a segment has room for a batch")
    return try make(disk, JournalNames.preparedSegment, byteCount, afterPiece: afterPiece)
  }

  static func make(
    _ disk: any Disk, _ name: String, _ byteCount: Int, afterPiece: () -> Void = {}
  ) throws(SystemError) -> PreparedSegment {
    let file = try disk.create(name)
    do throws(SystemError) {
      let zeros = [UInt8](repeating: 0, count: min(byteCount, pieceBytes))
      var offset = 0
      while offset < byteCount {
        let count = min(zeros.count, byteCount - offset)
        try file.writeWhole(
          count == zeros.count ? zeros : Array(zeros[..<count]), at: offset)
        offset += count
        if offset % syncedBytes == 0 { try file.sync() }
        afterPiece()
      }
      try file.sync()
    } catch {
      try? disk.unlink(name)
      throw error
    }
    return PreparedSegment(file: file, byteCount: byteCount)
  }
}
