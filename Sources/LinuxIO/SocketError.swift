/// A Unix socket could not be bound or reached.
public enum SocketError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Empty, ends in `/`, `.` or `..`, or holds a NUL.
  case invalidPath(String)
  /// Begins with `@` or NUL: a name in the abstract namespace, which no file mode protects.
  case abstractName(String)
  /// The last component alone is too long for a socket address.
  case nameTooLong(String)
  /// A process listens at the path; its socket was left alone.
  case alreadyServed(String)
  /// Something that is no socket is at the path; it was left alone.
  case notASocket(String)
  /// Another process is just now starting at this path.
  case startInProgress(String)
  /// The server is there and its queue of connections stayed full for the time allowed.
  case backlogFull(String)
  /// Any other failure.
  case system(SystemError)

  public var description: String {
    switch self {
    case .invalidPath(let path):
      "socket path '\(printable(path))' names no file; give a path such as /run/signet/signet.sock"
    case .abstractName(let path):
      "socket path '\(printable(path))' is an abstract name, which any local user may take; "
        + "give a path in a directory of the service"
    case .nameTooLong(let path):
      "socket path '\(printable(path))': the file name is too long; "
        + "use at most \(SocketPath.nameByteLimit) bytes after the last '/'"
    case .alreadyServed(let path):
      "socket \(printable(path)) is served by a running process; stop that one first"
    case .notASocket(let path):
      "\(printable(path)) exists and is not a socket; move it away or choose another path"
    case .startInProgress(let path):
      "another process is starting at \(printable(path)); try again"
    case .backlogFull(let path):
      "socket \(printable(path)): the server's queue of connections is full; try again"
    case .system(let error): error.description
    }
  }
}

/// `systemCall`, with its error as a `SocketError`.
@discardableResult
func socketCall(
  _ call: StaticString, path: String? = nil, _ body: () -> Int32
) throws(SocketError) -> Int32 {
  do {
    return try systemCall(call, path: path, body)
  } catch {
    throw .system(error)
  }
}
