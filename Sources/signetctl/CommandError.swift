internal import SignetClient

/// Why a command has no report.
enum CommandError: Error, Equatable {
  /// The arguments are wrong; `hint` says what to write in their place.
  case usage(String, hint: String? = nil)
  /// A file or standard stream of the caller's failed.
  case input(String)
  /// The service or the connection.
  case client(ClientError)

  var exitCode: ExitCode {
    switch self {
    case .usage, .input: .usage
    case .client(let error):
      switch error {
      case .refused: .refused
      case .unsendable: .usage
      case .cannotConnect, .protocolViolation, .closed, .outcomeUnknown, .timedOut:
        .cannotConnect
      }
    }
  }

  /// For people: what happened, and what to do.
  var message: String {
    switch self {
    case .usage(let what, let hint): hint.map { "\(what); \($0)" } ?? what
    case .input(let what): what
    case .client(let error): error.description
    }
  }

  /// For scripts: the contract's fields of an error body, and a kind where there is none.
  var fields: [Field] {
    switch self {
    case .usage: [Field("kind", .text("usage")), Field("message", .text(message))]
    case .input: [Field("kind", .text("input")), Field("message", .text(message))]
    case .client(.refused(let refusal)):
      [
        Field("kind", .text("refused")), Field("status", .text(refusal.name)),
        Field("code", .number(UInt64(refusal.code))), Field("field", .text(refusal.field)),
        Field("message", .text(refusal.message)),
        Field("retryAfterMillis", .number(UInt64(refusal.retryAfterMillis))),
        Field("oauthError", .text(refusal.oauthError)),
      ]
    case .client(let error):
      [Field("kind", .text(Self.kind(error))), Field("message", .text(error.description))]
    }
  }

  private static func kind(_ error: ClientError) -> String {
    switch error {
    case .cannotConnect: "cannotConnect"
    case .refused: "refused"
    case .protocolViolation: "protocolViolation"
    case .closed: "closed"
    case .outcomeUnknown: "outcomeUnknown"
    case .timedOut: "timedOut"
    case .unsendable: "unsendable"
    }
  }
}
