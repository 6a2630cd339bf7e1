/// What an authorization request comes to when its parameters are in order.
struct AuthorizationRequest {
  let responseType: ResponseType
  let scopes: ScopeSet
}

/// RFC 6749 3.1.1.
enum ResponseType {
  case code
  /// Implicit: the token goes into the fragment (F35).
  case token

  init?(_ text: [UInt8]) {
    switch text {
    case Array("code".utf8): self = .code
    case Array("token".utf8): self = .token
    default: return nil
    }
  }

  var grantType: GrantTypes { self == .code ? .authorizationCode : .implicit }
  var isInFragment: Bool { self == .token }
}

// Steps whose failure is shown to the person and never sent anywhere (RFC 6749 4.1.2.1).
extension ServiceState {
  /// F10, F20: one of the registered callbacks, byte for byte.
  func requireRegistered(_ uri: [UInt8], _ app: ClientApplication) throws(Refusal) {
    guard !uri.isEmpty, uri.count <= Limits.redirectURIMaxBytes, isRegistered(uri, app) else {
      throw Refusal(
        .invalidRedirectURI, field: "redirectUri",
        "the redirect URI is not one of the application's registered callbacks")
    }
  }

  func isRegistered(_ uri: [UInt8], _ app: ClientApplication) -> Bool {
    app.fields.callbacks.contains {
      RedirectMatching.matches(
        registered: $0, presented: uri, isPublic: app.fields.isPublic)
    }
  }

  func requireShortState(_ state: [UInt8]) throws(Refusal) {
    guard state.count <= Limits.stateMaxBytes else {
      throw Refusal(
        .invalidRequest, field: "state", "state has at most \(Limits.stateMaxBytes) bytes")
    }
  }
}

// Steps whose failure is sent to the client with the redirect.
extension ServiceState {
  func checked(
    _ request: Authorize, _ app: ClientApplication
  ) throws(Refusal) -> AuthorizationRequest {
    let type = try responseType(request.responseType)
    try requireAllowed(type, app)
    try requireChallenge(request, type, app)
    let scopes = try personScopes(request.scope, app)
    try requireResource(request.resource)
    return AuthorizationRequest(responseType: type, scopes: scopes)
  }

  private func responseType(_ text: [UInt8]) throws(Refusal) -> ResponseType {
    guard !text.isEmpty else {
      throw Refusal(.invalidRequest, field: "responseType", "response_type is missing")
    }
    guard let type = ResponseType(text) else {
      throw Refusal(
        .unsupportedResponseType, field: "responseType", "response_type must be code or token")
    }
    return type
  }

  func requireAllowed(_ type: ResponseType, _ app: ClientApplication) throws(Refusal) {
    guard app.fields.grantTypes.contains(type.grantType) else {
      throw Refusal(
        .unauthorizedClient, field: "responseType",
        "this application may not use this response_type")
    }
  }

  /// F40 (RFC 7636 4.3, 4.4.1): S256 only. Public clients must; whoever begins it is held to it.
  private func requireChallenge(
    _ request: Authorize, _ type: ResponseType, _ app: ClientApplication
  ) throws(Refusal) {
    if request.codeChallenge.isEmpty && request.codeChallengeMethod.isEmpty {
      guard !app.fields.isPublic || type == .token else {
        throw Refusal(
          .invalidRequest, field: "codeChallenge",
          "code_challenge is missing; a public client must use PKCE")
      }
      return
    }
    guard request.codeChallengeMethod == Array("S256".utf8) else {
      throw Refusal(
        .invalidRequest, field: "codeChallengeMethod", "code_challenge_method must be S256")
    }
    guard CodeChallenge.isWellFormed(request.codeChallenge) else {
      throw Refusal(
        .invalidRequest, field: "codeChallenge",
        "code_challenge must be \(Limits.codeChallengeBytes) characters of base64url")
    }
  }
}

/// The syntax of PKCE's two texts (RFC 7636 4.1, 4.2).
enum CodeChallenge {
  /// BASE64URL of a SHA-256: 43 characters.
  static func isWellFormed(_ challenge: [UInt8]) -> Bool {
    challenge.count == Limits.codeChallengeBytes && challenge.allSatisfy(isBase64URL)
  }

  static func isWellFormedVerifier(_ verifier: [UInt8]) -> Bool {
    (Limits.codeVerifierMinBytes...Limits.codeVerifierMaxBytes).contains(verifier.count)
      && verifier.allSatisfy {
        isBase64URL($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "~")
      }
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
