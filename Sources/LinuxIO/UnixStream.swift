internal import CLinux
internal import Glibc

/// Connections over Unix sockets, from the client's side.
public enum UnixStream {
  /// Connects to a server's socket file.
  ///
  /// Waits while the server's queue of connections is full, at most `timeoutMillis` (nil: for ever;
  /// 0 is taken as 1). The connected descriptor blocks or not as asked. Absent file and dead server
  /// are `.system` with `.notFound` and `.connectionRefused`.
  public static func connect(
    path: String, isNonBlocking: Bool, timeoutMillis: Int32? = nil
  ) throws(SocketError) -> FileDescriptor {
    let target = try SocketPath(path)
    let socket = FileDescriptor(
      owning: try socketCall("socket") { clinux_unix_socket(0) })
    let raw = socket.rawValue
    if let timeoutMillis {
      try socketCall("setsockopt") { clinux_set_send_timeout(raw, max(timeoutMillis, 1)) }
    }
    let address = target.address
    while unsafe clinux_unix_connect(raw, address) != 0 {
      switch errno {
      case EINTR: continue
      case EAGAIN: throw .backlogFull(path)
      case let code: throw .system(failure(code, "connect", path: path))
      }
    }
    // The limit was for connect alone; sends have their own.
    if timeoutMillis != nil {
      try socketCall("setsockopt") { clinux_set_send_timeout(raw, 0) }
    }
    if isNonBlocking {
      try socketCall("fcntl") { fcntl(raw, F_SETFL, O_RDWR | O_NONBLOCK) }
    }
    return socket
  }

  /// Two connected non-blocking sockets, for threads of one process and for tests.
  public static func pair() throws(SystemError) -> SocketPair {
    var raw: InlineArray<2, Int32> = [-1, -1]
    var span = raw.mutableSpan
    try systemCall("socketpair") {
      unsafe span.withUnsafeMutableBufferPointer { unsafe clinux_unix_pair($0.baseAddress) }
    }
    return SocketPair(
      first: FileDescriptor(owning: raw[0]), second: FileDescriptor(owning: raw[1]))
  }
}

/// Both ends of a connection. Frozen, so that other modules may take it apart.
@frozen
public struct SocketPair: ~Copyable, Sendable {
  public var first: FileDescriptor
  public var second: FileDescriptor
}
