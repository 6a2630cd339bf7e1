internal import LinuxIO

/// Why a command has no result.
enum BenchError: Error, Equatable {
  /// The arguments are wrong; `hint` says what to write in their place.
  case usage(String, hint: String? = nil)
  /// A file or standard stream failed.
  case file(String)
  /// No connection, or a server that does not do what the run needs.
  case cannotConnect(String)
  /// The server broke its protocol, closed, or answered wrongly.
  case wrong(String)

  var exitCode: ExitCode {
    switch self {
    case .usage, .file: .usage
    case .cannotConnect: .cannotConnect
    case .wrong: .wrong
    }
  }

  /// For people: what happened, and what to do.
  var message: String {
    switch self {
    case .usage(let what, let hint): hint.map { "\(what); \($0)" } ?? what
    case .file(let what), .cannotConnect(let what), .wrong(let what): what
    }
  }
}
