internal import Glibc

extension SystemClock {
  /// Processor time that the calling thread has used, in nanoseconds. A system call.
  public static func threadCPUNanos() -> UInt64 {
    var used = timespec()
    let result = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
    precondition(result == 0, "clock_gettime refuses no clock of this list")
    return UInt64(used.tv_sec) * 1_000_000_000 + UInt64(used.tv_nsec)
  }
}
