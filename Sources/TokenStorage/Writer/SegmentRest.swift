internal import LinuxIO

/// What lies in segments after their ends, once another one follows: zeros that were never needed,
/// or a tail that was dropped and copied. A start begins a segment of its own, so without this a
/// service that is started often and asked little would fill its disk with them.
///
/// Given back piece by piece, between other work, so that no sync of the journal waits for all of
/// it. Files keep their sizes and all that is in them; what does not work is left as it is.
public struct SegmentRest: Sendable {
  /// Oldest first; the last one is next.
  private var segments: [SegmentSummary]
  /// Of the next piece; nil = it begins where the segment ends.
  private var offset: Int?
  private static let pieceBytes = 4 * 1_024 * 1_024

  /// - Parameter segments: as a start found them, before it began its own.
  public init(_ segments: [SegmentSummary]) {
    // The reserve is a name, and soon another file's.
    self.segments = segments.filter {
      $0.file != JournalNames.reserve && $0.usedBytes >= journalBlockBytes
    }
  }

  /// Gives the next piece back; false where there is none.
  public mutating func releaseNext(_ disk: any Disk) -> Bool {
    guard let segment = segments.last else { return false }
    let start = offset ?? segment.usedBytes
    let count = min(Self.pieceBytes, segment.byteCount - start)
    do throws(SystemError) {
      if count > 0 {
        try disk.open(segment.file, isWritable: true).release(byteCount: count, at: start)
      }
      offset = start + count
    } catch {
      offset = segment.byteCount
    }
    if offset ?? 0 >= segment.byteCount {
      segments.removeLast()
      offset = nil
    }
    return true
  }
}
