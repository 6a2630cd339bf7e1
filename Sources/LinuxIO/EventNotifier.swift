internal import CLinux
internal import Glibc

/// Wakes an epoll loop from another thread (an eventfd).
///
/// Any number of `notify` before one `drain` are one wake-up, so the state that the wake-up is
/// about goes into a queue *before* `notify`, and is read from it *after* `drain`.
public struct EventNotifier: ~Copyable, Sendable {
  /// For `Epoll.add` with read interest.
  public let descriptor: FileDescriptor

  public init() throws(SystemError) {
    descriptor = FileDescriptor(owning: try systemCall("eventfd") { clinux_eventfd() })
  }

  /// Makes the descriptor readable. Any thread, also many at once.
  public borrowing func notify() {
    var one: UInt64 = 1
    while unsafe Glibc.write(descriptor.rawValue, &one, 8) != 8 {
      // EAGAIN: 2^64-2 wake-ups are pending, which is as awake as it gets.
      if errno == EAGAIN { return }
      precondition(errno == EINTR, "an eventfd refuses no other write")
    }
  }

  /// Makes the descriptor quiet again; true when there was a notification.
  @discardableResult
  public borrowing func drain() -> Bool {
    var count: UInt64 = 0
    while unsafe Glibc.read(descriptor.rawValue, &count, 8) != 8 {
      if errno == EAGAIN { return false }
      precondition(errno == EINTR, "an eventfd refuses no other read")
    }
    return true
  }
}
