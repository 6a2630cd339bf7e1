internal import LinuxIO
public import TokenCore

// For a writer whose segments are prepared on another thread.

extension JournalWriter {
  /// Whether the batch can go where batches go now, without another segment.
  public func hasRoom(for batch: CommitBatch) -> Bool {
    let wanted = BatchHeader.extentBytes(payloadBytes: batch.byteCount) + journalBlockBytes
    return (active?.remainingBytes ?? 0) >= wanted
  }

  /// A segment could not be prepared for want of space; `install` ends this.
  public mutating func noteDiskFull() { isDiskFull = true }

  /// Whether the reserve is there, or in use.
  public var hasReserve: Bool { reserve != nil || isInReserve || retiredReserveName != nil }

  /// Goes on in the prepared segment where batches went to the reserve; else nothing.
  public mutating func leaveReserve(wallMillis: UInt64) throws(JournalError) {
    if let failure { throw failure }
    guard isInReserve, let segment = prepared.take() else { return }
    do throws(SystemError) {
      try syncWritten()
      try activate(segment, [], wallMillis)
    } catch {
      fail(error)
      throw .failed(error)
    }
  }

  /// Bytes that the batch takes in a segment, padding included.
  public static func extentBytes(of batch: CommitBatch) -> Int {
    BatchHeader.extentBytes(payloadBytes: batch.byteCount)
  }
}
