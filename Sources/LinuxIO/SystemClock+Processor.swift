internal import Glibc

extension SystemClock {
  /// Processor time that all threads of this process have used, in nanoseconds.
  public static func processCPUNanos() -> UInt64 {
    var used = timespec()
    let result = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    precondition(result == 0, "clock_gettime refuses no clock of this list")
    return UInt64(used.tv_sec) * 1_000_000_000 + UInt64(used.tv_nsec)
  }
}

extension SystemClock {
  /// Does nothing for so long. For what waits for time itself, and for what nothing can wake; never
  /// for an event that could.
  public static func wait(millis: UInt64) { wait(micros: millis * 1_000) }

  /// The same; the system may add some 50 microseconds.
  public static func wait(micros: UInt64) {
    var wanted = timespec(
      tv_sec: Int(micros / 1_000_000), tv_nsec: Int(micros % 1_000_000) * 1_000)
    var left = timespec()
    while unsafe nanosleep(&wanted, &left) == -1 && errno == EINTR { wanted = left }
  }
}
