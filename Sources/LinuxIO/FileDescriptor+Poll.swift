internal import Glibc

extension FileDescriptor {
  /// What to wait for on one descriptor.
  public enum Readiness: Sendable {
    case readable, writable
  }

  /// Waits until the descriptor is ready, hung up or in error (all of which the next read or send
  /// explains); false when `timeoutMillis` passed first. Nil waits for ever.
  ///
  /// A signal restarts the wait with the time that is left.
  public borrowing func poll(
    for readiness: Readiness, timeoutMillis: Int32?
  ) throws(SystemError) -> Bool {
    let events = Int16(readiness == .readable ? POLLIN : POLLOUT)
    let start = SystemClock.monotonicNanos()
    var remaining = timeoutMillis.map { max($0, 0) } ?? -1
    while true {
      var entry = pollfd(fd: rawValue, events: events, revents: 0)
      let count = unsafe Glibc.poll(&entry, 1, remaining)
      if count >= 0 {
        precondition(Int32(entry.revents) & Int32(POLLNVAL) == 0, "poll on a closed descriptor")
        return count > 0
      }
      guard errno == EINTR else { throw failure(errno, "poll") }
      if let timeoutMillis {
        let elapsed = (SystemClock.monotonicNanos() - start) / 1_000_000
        remaining = Int32(max(Int64(timeoutMillis) - Int64(elapsed), 0))
      }
    }
  }
}
