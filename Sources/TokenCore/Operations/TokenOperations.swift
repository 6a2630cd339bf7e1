/// ISSUE: tokens without consent, for a caller with the right `issue`.
public struct IssueTokens: Equatable, Sendable {
  /// One grant and its access tokens.
  public struct Item: Equatable, Sendable {
    public var clientID: [UInt8]
    /// Empty = a token of the client itself.
    public var user: [UInt8]
    public var scope: [UInt8]
    public var audience: [UInt8]
    /// 0 = the setting.
    public var lifetimeSeconds: UInt32
    /// With one access token only.
    public var withRefresh: Bool
    public var grantID: TokenID
    public var familyID: TokenID
    /// As many as tokens are asked for; at least one.
    public var tokens: [PreparedToken]

    public init(
      clientID: [UInt8], user: [UInt8], scope: [UInt8], audience: [UInt8],
      lifetimeSeconds: UInt32, withRefresh: Bool, grantID: TokenID, familyID: TokenID,
      tokens: [PreparedToken]
    ) {
      self.clientID = clientID
      self.user = user
      self.scope = scope
      self.audience = audience
      self.lifetimeSeconds = lifetimeSeconds
      self.withRefresh = withRefresh
      self.grantID = grantID
      self.familyID = familyID
      self.tokens = tokens
    }
  }

  public var items: [Item]
  /// The key that refresh tokens will be signed with.
  public var keyID: UInt8

  public init(items: [Item], keyID: UInt8) {
    self.items = items
    self.keyID = keyID
  }
}

/// AUTHORIZE: a person was sent by a client (RFC 6749 4.1.1, 4.2.1).
public struct Authorize: Equatable, Sendable {
  public var person: Person
  public var responseType: [UInt8]
  public var clientID: [UInt8]
  public var redirectURI: [UInt8]
  public var scope: [UInt8]
  public var state: [UInt8]
  public var codeChallenge: [UInt8]
  public var codeChallengeMethod: [UInt8]
  public var resource: [UInt8]
  public var prepared: PreparedAuthorization

  public init(
    person: Person, responseType: [UInt8], clientID: [UInt8], redirectURI: [UInt8],
    scope: [UInt8], state: [UInt8], codeChallenge: [UInt8], codeChallengeMethod: [UInt8],
    resource: [UInt8], prepared: PreparedAuthorization
  ) {
    self.person = person
    self.responseType = responseType
    self.clientID = clientID
    self.redirectURI = redirectURI
    self.scope = scope
    self.state = state
    self.codeChallenge = codeChallenge
    self.codeChallengeMethod = codeChallengeMethod
    self.resource = resource
    self.prepared = prepared
  }
}

/// The ids an authorization may need, whichever way it is decided.
public struct PreparedAuthorization: Equatable, Sendable {
  public var codeID: TokenID
  public var ticketID: TokenID
  /// For `response_type=token`.
  public var grantID: TokenID
  public var token: PreparedToken

  public init(codeID: TokenID, ticketID: TokenID, grantID: TokenID, token: PreparedToken) {
    self.codeID = codeID
    self.ticketID = ticketID
    self.grantID = grantID
    self.token = token
  }

  /// The key that signs the code.
  public var keyID: UInt8 { token.keyID }
}

/// ALLOW and DENY: the answer to a ticket. `ticket` is nil where its seal does not hold.
public struct AnswerConsent: Equatable, Sendable {
  public var person: Person
  public var ticket: ConsentTicket?
  public var prepared: PreparedAuthorization

  public init(person: Person, ticket: ConsentTicket?, prepared: PreparedAuthorization) {
    self.person = person
    self.ticket = ticket
    self.prepared = prepared
  }
}

/// EXCHANGE: a code for tokens (RFC 6749 4.1.3, RFC 7636 4.5, RFC 8707 2.2).
public struct ExchangeCode: Equatable, Sendable {
  public var client: ClientCredential
  public var code: PresentedCredential
  public var redirectURI: [UInt8]
  public var codeVerifier: [UInt8]
  /// BASE64URL(SHA-256(codeVerifier)), 43 bytes; computed outside, since this module hashes
  /// nothing.
  public var verifierChallenge: [UInt8]
  public var resource: [UInt8]
  public var token: PreparedToken
  public var grantID: TokenID
  public var familyID: TokenID

  public init(
    client: ClientCredential, code: PresentedCredential, redirectURI: [UInt8],
    codeVerifier: [UInt8], verifierChallenge: [UInt8], resource: [UInt8], token: PreparedToken,
    grantID: TokenID, familyID: TokenID
  ) {
    self.client = client
    self.code = code
    self.redirectURI = redirectURI
    self.codeVerifier = codeVerifier
    self.verifierChallenge = verifierChallenge
    self.resource = resource
    self.token = token
    self.grantID = grantID
    self.familyID = familyID
  }
}

/// REFRESH: rotation (RFC 6749 6, RFC 9700 4.14.2). The successor is signed with the token's key.
public struct RefreshTokens: Equatable, Sendable {
  public var client: ClientCredential
  public var refreshToken: PresentedCredential
  /// Empty = what was granted; otherwise no wider.
  public var scope: [UInt8]
  public var resource: [UInt8]
  public var token: PreparedToken

  public init(
    client: ClientCredential, refreshToken: PresentedCredential, scope: [UInt8],
    resource: [UInt8], token: PreparedToken
  ) {
    self.client = client
    self.refreshToken = refreshToken
    self.scope = scope
    self.resource = resource
    self.token = token
  }
}

/// CLIENT_CREDENTIALS: a client's own token (RFC 6749 4.4).
public struct GrantClientCredentials: Equatable, Sendable {
  public var client: ClientCredential
  public var scope: [UInt8]
  public var resource: [UInt8]
  public var token: PreparedToken
  public var grantID: TokenID

  public init(
    client: ClientCredential, scope: [UInt8], resource: [UInt8], token: PreparedToken,
    grantID: TokenID
  ) {
    self.client = client
    self.scope = scope
    self.resource = resource
    self.token = token
    self.grantID = grantID
  }
}
