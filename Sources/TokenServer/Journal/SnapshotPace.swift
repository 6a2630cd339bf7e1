internal import LinuxIO

/// How fast a cut is written: the thread works about half of the time and rests the other half, so
/// that workers, lane and journal that share its processor wait a millisecond or two for it.
/// Without it the scheduler gives the thread whole slices.
///
/// A cut that is begun again, because commits changed more pages than are kept, is written without
/// a rest: it has to come to an end.
struct SnapshotPace {
  private let rests: Bool
  private var restedAtNanos: UInt64

  /// - Parameter attempts: how often this cut was begun and given up.
  init(attempts: Int) {
    rests = attempts == 0
    restedAtNanos = SystemClock.threadCPUNanos()
  }

  /// How long to rest after the work since the last rest; 0 = go on. To be asked every few hundred
  /// microseconds of work; the time of a rest itself does not count.
  mutating func restMillis() -> Int32 {
    guard rests else { return 0 }
    let millis = (SystemClock.threadCPUNanos() - restedAtNanos) / 1_000_000
    if millis == 0 { return 0 }
    restedAtNanos = SystemClock.threadCPUNanos()
    return Int32(min(millis, JournalLimits.snapshotRestMillisMax))
  }
}
