/// What the exit status tells a script.
enum ExitCode: Int32, CaseIterable {
  /// Done.
  case ok = 0
  /// The service refused, or the answer was no: a token that does not validate, an authorization
  /// that ends on an error page, a uid that cannot reach the socket.
  case refused = 1
  /// Wrong arguments, an input file that cannot be read, an output that cannot be written.
  case usage = 2
  /// No connection, or it was lost before the answer came.
  case cannotConnect = 3

  var meaning: String {
    switch self {
    case .ok: "done"
    case .refused: "refused by the service, or the answer is no"
    case .usage: "wrong arguments, unreadable input or unwritable output"
    case .cannotConnect: "cannot connect, or the connection was lost"
    }
  }
}
