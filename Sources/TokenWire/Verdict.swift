/// What a VALIDATE says about one token. Order and numbers are the wire's.
public enum Verdict: UInt8, Sendable, CaseIterable {
  case valid = 0
  /// No token was shown.
  case missing = 1
  /// Not the text of an access token.
  case malformed = 2
  /// The text is well formed, the authentication tag is not ours.
  case forged = 3
  case expired = 4
  case revoked = 5
  /// Authentic, not on record any more: expired or revoked.
  case unknown = 6
  case wrongAudience = 7
  case insufficientScope = 8
  /// The token would pass (or fail on audience or scope only), but the provider is switched off.
  case providerOff = 9

  /// The registry's name.
  public var name: String {
    switch self {
    case .valid: "VALID"
    case .missing: "MISSING"
    case .malformed: "MALFORMED"
    case .forged: "FORGED"
    case .expired: "EXPIRED"
    case .revoked: "REVOKED"
    case .unknown: "UNKNOWN"
    case .wrongAudience: "WRONG_AUDIENCE"
    case .insufficientScope: "INSUFFICIENT_SCOPE"
    case .providerOff: "PROVIDER_OFF"
    }
  }

  /// The HTTP status a gateway answers with (RFC 6750 section 3.1); 200 stands for "let it pass".
  public var httpStatus: Int {
    switch self {
    case .valid: 200
    case .insufficientScope: 403
    case .providerOff: 503
    default: 401
    }
  }

  /// The `error` of the WWW-Authenticate header; nil where RFC 6750 wants none.
  public var oauthError: String? {
    switch self {
    case .valid, .missing, .providerOff: nil
    case .insufficientScope: "insufficient_scope"
    default: "invalid_token"
    }
  }

  /// Whether the gateway adds Retry-After.
  public var wantsRetryAfter: Bool { self == .providerOff }
}
