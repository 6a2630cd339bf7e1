internal import Glibc

/// The kernel's clocks. Each read is a vDSO call of some 20 ns.
public enum SystemClock {
  /// Wall time: Unix milliseconds, UTC. May step.
  public static func realtimeMillis() -> UInt64 { nanos(CLOCK_REALTIME) / 1_000_000 }

  /// Milliseconds since boot, suspension included. Never steps.
  public static func boottimeMillis() -> UInt64 { nanos(CLOCK_BOOTTIME) / 1_000_000 }

  /// Nanoseconds for measuring durations; stands still in suspension.
  public static func monotonicNanos() -> UInt64 { nanos(CLOCK_MONOTONIC) }

  private static func nanos(_ clock: clockid_t) -> UInt64 {
    var now = timespec()
    let result = unsafe clock_gettime(clock, &now)
    precondition(result == 0, "clock_gettime refuses no clock of this list")
    // A wall clock before 1970 reads as 1970.
    return now.tv_sec < 0 ? 0 : UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}
