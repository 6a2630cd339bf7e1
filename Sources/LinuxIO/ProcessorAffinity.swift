internal import CLinux

/// On which processors threads run.
public enum ProcessorAffinity {
  /// Keeps the calling thread, and those that it starts later, on one processor. EINVAL for one
  /// that does not exist or that this process may not use.
  public static func pinCallingThread(processor: Int) throws(SystemError) {
    try pin(thread: 0, processor: processor)
  }

  /// The same for another thread, of this user's or with the right to; ESRCH when it is gone.
  public static func pin(thread: Int32, processor: Int) throws(SystemError) {
    try systemCall("sched_setaffinity") {
      clinux_pin_thread(thread, Int32(clamping: processor))
    }
  }
}
