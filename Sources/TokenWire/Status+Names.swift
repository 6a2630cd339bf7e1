extension Status {
  /// The registry's name, as documents and logs spell it.
  public var name: String {
    switch self {
    case .ok: "OK"
    case .malformed: "MALFORMED"
    case .unsupported: "UNSUPPORTED"
    case .version: "VERSION"
    case .helloRequired: "HELLO_REQUIRED"
    case .frameTooLarge: "FRAME_TOO_LARGE"
    case .denied: "DENIED"
    case .busy: "BUSY"
    case .draining: "DRAINING"
    case .notCaughtUp: "NOT_CAUGHT_UP"
    case .notDurable: "NOT_DURABLE"
    case .idempotencyConflict: "IDEMPOTENCY_CONFLICT"
    case .diskFull: "DISK_FULL"
    case .timeout: "TIMEOUT"
    case .tooManyConnections: "TOO_MANY_CONNECTIONS"
    case .internal: "INTERNAL"
    case .invalidRequest: "INVALID_REQUEST"
    case .invalidClient: "INVALID_CLIENT"
    case .invalidGrant: "INVALID_GRANT"
    case .unauthorizedClient: "UNAUTHORIZED_CLIENT"
    case .unsupportedGrantType: "UNSUPPORTED_GRANT_TYPE"
    case .invalidScope: "INVALID_SCOPE"
    case .invalidTarget: "INVALID_TARGET"
    case .unsupportedResponseType: "UNSUPPORTED_RESPONSE_TYPE"
    case .accessDenied: "ACCESS_DENIED"
    case .invalidRedirectURI: "INVALID_REDIRECT_URI"
    case .invalidClientMetadata: "INVALID_CLIENT_METADATA"
    case .providerOff: "PROVIDER_OFF"
    case .notFound: "NOT_FOUND"
    case .forbidden: "FORBIDDEN"
    case .personLoginRefused: "PERSON_LOGIN_REFUSED"
    case .invalidField: "INVALID_FIELD"
    case .limitReached: "LIMIT_REACHED"
    case .rateLimited: "RATE_LIMITED"
    case .userDisabled: "USER_DISABLED"
    case .revisionConflict: "REVISION_CONFLICT"
    case .ticketInvalid: "TICKET_INVALID"
    case .keyInUse: "KEY_IN_USE"
    case .publicClient: "PUBLIC_CLIENT"
    case .registrationOff: "REGISTRATION_OFF"
    case .futureTime: "FUTURE_TIME"
    case .unknownSetting: "UNKNOWN_SETTING"
    }
  }

  /// The `error` value for an OAuth answer (RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591, RFC 8707);
  /// nil where OAuth has no word for it (an HTTP front then answers with a plain 4xx or 5xx).
  public var oauthError: String? {
    switch self {
    case .malformed, .idempotencyConflict, .invalidRequest, .invalidField, .ticketInvalid,
      .registrationOff:
      "invalid_request"
    case .busy, .draining, .notCaughtUp, .notDurable, .diskFull, .tooManyConnections,
      .providerOff, .rateLimited:
      "temporarily_unavailable"
    case .internal: "server_error"
    case .invalidClient: "invalid_client"
    case .invalidGrant: "invalid_grant"
    case .unauthorizedClient: "unauthorized_client"
    case .unsupportedGrantType: "unsupported_grant_type"
    case .invalidScope: "invalid_scope"
    case .invalidTarget: "invalid_target"
    case .unsupportedResponseType: "unsupported_response_type"
    case .accessDenied, .forbidden, .personLoginRefused, .userDisabled: "access_denied"
    case .invalidRedirectURI: "invalid_redirect_uri"
    case .invalidClientMetadata: "invalid_client_metadata"
    default: nil
    }
  }
}
