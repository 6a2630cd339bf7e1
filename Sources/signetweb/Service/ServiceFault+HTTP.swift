internal import SignetClient
internal import TokenWire

extension Status {
  /// The HTTP status that an HTTP front answers (proto-spec/errors.md).
  var httpStatus: Int {
    switch self {
    case .ok: 200
    case .invalidClient: 401
    case .accessDenied, .forbidden, .personLoginRefused, .userDisabled: 403
    case .notFound: 404
    case .limitReached, .revisionConflict, .keyInUse: 409
    case .rateLimited: 429
    case .internal: 500
    case .providerOff: 501
    default: rawValue < 0x0100 ? 503 : 400
    }
  }

  /// Whether the message is about what the client or person asked, and may be shown to them. The
  /// others are between the service and this program.
  var isForClients: Bool { rawValue >= 0x0100 }
}

extension ServiceFault {
  /// What to answer over HTTP.
  var httpStatus: Int {
    if case .refused(let refusal) = self { refusal.status?.httpStatus ?? 503 } else { 503 }
  }

  /// The value of `Retry-After`, 0 for none.
  var retryAfterSeconds: UInt32 {
    guard case .refused(let refusal) = self else { return 5 }
    if refusal.retryAfterMillis > 0 { return (refusal.retryAfterMillis - 1) / 1_000 + 1 }
    switch refusal.status {
    case .busy, .draining, .notCaughtUp: return 1
    default: return httpStatus == 503 || httpStatus == 429 ? 5 : 0
    }
  }
}
