internal import LinuxIO

/// How fast a thread works for which nobody waits: a third of the time, in turns so short that
/// workers, lane and journal that share its processor wait a tenth of a millisecond for it. Without
/// it the scheduler gives the thread whole slices, of three or four milliseconds.
struct BackgroundPace {
  private var restedAtNanos = SystemClock.threadCPUNanos()

  /// Work, in the thread's own processor time, before it rests.
  static let workMicros: UInt64 = 100
  /// The longest rest.
  static let restMicrosMax: UInt64 = 10_000

  /// Rests twice as long as it worked since the last rest, if that is worth it. To be called after
  /// each piece of work; no piece is to take much longer than ``workMicros``.
  mutating func rest() {
    let micros = restMicros()
    if micros > 0 { SystemClock.wait(micros: micros) }
  }

  /// How long to rest now; 0 = go on. The time of a rest itself does not count.
  mutating func restMicros() -> UInt64 {
    let now = SystemClock.threadCPUNanos()
    let micros = (now - restedAtNanos) / 1_000
    if micros < Self.workMicros { return 0 }
    restedAtNanos = now
    return min(2 * micros, Self.restMicrosMax)
  }
}
