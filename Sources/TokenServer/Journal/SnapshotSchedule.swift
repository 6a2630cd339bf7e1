/// When a snapshot is due: enough journal, or enough time with a change in it. Pure.
struct SnapshotSchedule: Sendable {
  /// Bytes of journal after which one is due, unless the last snapshot was larger.
  var journalBytes: UInt64
  /// 0 = never for time alone.
  var intervalMillis: UInt64
  var nowMillis: @Sendable () -> UInt64

  /// Bytes of journal that the start found behind the snapshot. Without them a service that is
  /// restarted often would never come to its snapshot, and its journal would fill the disk.
  private let foundBytes: UInt64
  private var lastBytes: UInt64 = 0
  private var lastJournalBytes: UInt64 = 0
  private var lastPosition: UInt64
  private var lastAtMillis: UInt64
  /// As before the one under way began.
  private var before: (position: UInt64, journalBytes: UInt64, atMillis: UInt64)?
  private var notBeforeMillis: UInt64 = 0

  /// - Parameters:
  ///   - lastPosition: of the snapshot that the service started from; 0 = none.
  ///   - nowMillis: a clock that only goes forward.
  init(
    journalBytes: UInt64, intervalMillis: UInt64, lastPosition: UInt64, lastByteCount: Int,
    foundBytes: UInt64, nowMillis: @escaping @Sendable () -> UInt64
  ) {
    self.journalBytes = journalBytes
    self.intervalMillis = intervalMillis
    self.lastPosition = lastPosition
    self.nowMillis = nowMillis
    self.foundBytes = foundBytes
    lastBytes = UInt64(lastByteCount)
    lastAtMillis = nowMillis()
  }

  /// - Parameters:
  ///   - written: bytes of journal written since the start.
  func isDue(position: UInt64, journalBytes written: UInt64) -> Bool {
    let now = nowMillis()
    guard position > lastPosition, now >= notBeforeMillis else { return false }
    if foundBytes + written - lastJournalBytes >= max(journalBytes, lastBytes) { return true }
    return intervalMillis > 0 && now - lastAtMillis >= intervalMillis
  }

  mutating func began(position: UInt64, journalBytes written: UInt64) {
    before = (lastPosition, lastJournalBytes, lastAtMillis)
    lastPosition = position
    lastJournalBytes = foundBytes + written
    lastAtMillis = nowMillis()
  }

  /// - Parameter byteCount: nil = it failed: what was due is due again after a while.
  mutating func ended(byteCount: Int?) {
    if let byteCount {
      lastBytes = UInt64(byteCount)
    } else {
      notBeforeMillis = nowMillis() + JournalLimits.snapshotRetryMillis
      if let before { (lastPosition, lastJournalBytes, lastAtMillis) = before }
    }
    before = nil
  }
}
