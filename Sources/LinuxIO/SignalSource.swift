internal import CLinux
internal import Glibc

/// A signal that the daemon listens to.
public struct Signal: RawRepresentable, Hashable, Sendable {
  public let rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }
  public static let hangup = Signal(rawValue: SIGHUP)
  public static let interrupt = Signal(rawValue: SIGINT)
  public static let terminate = Signal(rawValue: SIGTERM)
  public static let user1 = Signal(rawValue: SIGUSR1)
  public static let user2 = Signal(rawValue: SIGUSR2)

  /// SIGPIPE does nothing from here on, in the whole process: a write to a closed pipe fails with
  /// EPIPE instead. Sends on sockets do not depend on it.
  public static func ignoreBrokenPipes() { clinux_ignore_sigpipe() }
}

/// Signals as events of a loop (a signalfd), so that no handler ever runs.
///
/// Make it in `main` before the first thread: it blocks the signals in the calling thread, and
/// threads inherit that; a thread made earlier would still die of them.
public struct SignalSource: ~Copyable, Sendable {
  /// For `Epoll.add` with read interest.
  public let descriptor: FileDescriptor

  public init(_ signals: [Signal]) throws(SystemError) {
    let numbers = signals.map(\.rawValue)
    descriptor = FileDescriptor(
      owning: try systemCall("signalfd") {
        unsafe clinux_signalfd(numbers, Int32(numbers.count))
      })
  }

  /// The next pending signal, nil when there is none.
  public borrowing func next() throws(SystemError) -> Signal? {
    while true {
      let number = clinux_signalfd_next(descriptor.rawValue)
      if number > 0 { return Signal(rawValue: number) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      case let code: throw failure(code, "read signalfd")
      }
    }
  }
}
