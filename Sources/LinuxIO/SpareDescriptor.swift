internal import CLinux
internal import Glibc

/// One descriptor kept back for the day when there are no more: closing it makes room to accept the
/// waiting peer and drop it at once, so that it sees a closed connection in place of silence.
public struct SpareDescriptor: ~Copyable, Sendable {
  private var reserve: FileDescriptor?

  public init() throws(SystemError) { reserve = try Self.open() }

  /// False when the reserve could not be taken back; `refill` tries again.
  public var isReady: Bool { reserve != nil }

  /// Accepts one waiting connection and closes it. False when nobody waits or nothing can be done.
  public mutating func shedOne(from listener: borrowing UnixListener) -> Bool {
    reserve = nil
    let dropped: Bool
    switch listener.accept() {
    case .accepted: dropped = true
    case .transient: dropped = true
    case .wouldBlock: dropped = false
    case .descriptorsExhausted: dropped = false
    }
    refill()
    return dropped
  }

  /// Takes the reserve back if it is lost.
  public mutating func refill() {
    if reserve == nil { reserve = try? Self.open() }
  }

  private static func open() throws(SystemError) -> FileDescriptor {
    FileDescriptor(
      owning: try systemCall("open", path: "/dev/null") {
        unsafe Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
      })
  }
}
