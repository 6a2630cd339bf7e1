/// What an operation came to. Tokens and codes are named by id and key: the worker that sends the
/// reply signs them, outside the lane.
public enum Outcome: Sendable, Equatable {
  case refused(Refusal)
  /// The key that something was prepared with was retired meanwhile: prepare again.
  case stalePreparation
  /// An earlier call with this idempotency key already did it. The outcome is the earlier one, but
  /// for ids and secrets derived from the record's seed (see `renamed(by:)`).
  indirect case replayed(RetryRecord, Outcome)
  /// Done, and there is nothing to tell but the position.
  case done
  case issued([IssuedToken])
  case token(IssuedToken)
  case authorization(AuthorizationOutcome)
  case redirect(Redirect)
  case revoked(Bool)
  case introspection(Introspection)
  case registered(clientID: [UInt8], isPublic: Bool, notes: ApplicationNotes)
  case registeredDynamically(ClientApplication)
  case app(AppDescription, notes: ApplicationNotes)
  case apps([AppDescription], next: UInt64)
  case grant(GrantDescription)
  case grants([GrantDescription], next: UInt64)
  case authorizedApps([AuthorizedApplication], next: UInt64)
  case applied(Bool)
  case gate(UInt64)
  case settings(Settings)
  case keys([KeyDescription])
  case keyRotated(UInt8)
  case keyRetired(killedTokens: UInt64)
  case audit([AuditRecord], next: UInt64)
  case metadata(Settings)
}

/// One access token as issued, with its refresh token if it has one.
public struct IssuedToken: Sendable, Equatable {
  public var id: TokenID
  public var keyID: UInt8
  public var expiresAtMillis: UInt64
  public var expiresInSeconds: UInt32
  /// nil = no refresh token.
  public var refreshID: TokenID?
  public var refreshKeyID: UInt8
  public var refreshExpiresAtMillis: UInt64
  public var scope: [UInt8]
  public var audience: [UInt8]
  public var grantID: TokenID

  public init(
    id: TokenID, keyID: UInt8, expiresAtMillis: UInt64, expiresInSeconds: UInt32,
    refreshID: TokenID?, refreshKeyID: UInt8, refreshExpiresAtMillis: UInt64, scope: [UInt8],
    audience: [UInt8], grantID: TokenID
  ) {
    self.id = id
    self.keyID = keyID
    self.expiresAtMillis = expiresAtMillis
    self.expiresInSeconds = expiresInSeconds
    self.refreshID = refreshID
    self.refreshKeyID = refreshKeyID
    self.refreshExpiresAtMillis = refreshExpiresAtMillis
    self.scope = scope
    self.audience = audience
    self.grantID = grantID
  }
}

/// The answer to AUTHORIZE.
public enum AuthorizationOutcome: Sendable, Equatable {
  case redirect(Redirect)
  case consentNeeded(ConsentQuestion)
  /// Shown to the person, never sent to the client (RFC 6749 4.1.2.1).
  case errorPage(Refusal)
}

/// What a consent page must show (F17, G10), and the ticket that binds the answer.
public struct ConsentQuestion: Sendable, Equatable {
  public var ticket: ConsentTicket
  public var app: AppDescription
  /// All scopes asked for, and those among them that were not allowed before.
  public var scopes: [UInt8]
  public var newScopes: [UInt8]

  public init(ticket: ConsentTicket, app: AppDescription, scopes: [UInt8], newScopes: [UInt8]) {
    self.ticket = ticket
    self.app = app
    self.scopes = scopes
    self.newScopes = newScopes
  }
}

/// A redirect back to a client, still without the code's text.
public struct Redirect: Sendable, Equatable {
  /// What the redirect carries.
  public enum Answer: Sendable, Equatable {
    case code(TokenID, keyID: UInt8)
    /// `response_type=token`: goes into the fragment.
    case token(IssuedToken)
    /// An RFC 6749 4.1.2.1 error code.
    case error(String, description: String, inFragment: Bool)
  }

  public var uri: [UInt8]
  public var state: [UInt8]
  public var issuer: [UInt8]
  public var answer: Answer

  public init(uri: [UInt8], state: [UInt8], issuer: [UInt8], answer: Answer) {
    self.uri = uri
    self.state = state
    self.issuer = issuer
    self.answer = answer
  }
}

/// RFC 7662, with what only local callers are told.
public struct Introspection: Sendable, Equatable {
  /// Why a token is active or not. Raw values as on the wire, where they equal VALIDATE's verdicts
  /// with the same meaning.
  public enum Reason: UInt8, Sendable {
    case active = 0
    case malformed = 2
    case forged = 3
    case expired = 4
    case revoked = 5
    case unknown = 6
    case providerOff = 9
    /// Told to a client: no reason (RFC 7662 2.2).
    case undisclosed = 255
  }

  public var reason: Reason
  public var isRefreshToken: Bool
  public var user: [UInt8]
  public var clientID: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]
  public var expiresAtMillis: UInt64
  public var issuedAtMillis: UInt64
  /// The access token's id, for its accessor; nil for a refresh token.
  public var accessID: TokenID?
  public var grantID: TokenID

  public init(
    reason: Reason, isRefreshToken: Bool = false, user: [UInt8] = [], clientID: [UInt8] = [],
    scope: [UInt8] = [], audience: [UInt8] = [], expiresAtMillis: UInt64 = 0,
    issuedAtMillis: UInt64 = 0, accessID: TokenID? = nil, grantID: TokenID = .none
  ) {
    self.reason = reason
    self.isRefreshToken = isRefreshToken
    self.user = user
    self.clientID = clientID
    self.scope = scope
    self.audience = audience
    self.expiresAtMillis = expiresAtMillis
    self.issuedAtMillis = issuedAtMillis
    self.accessID = accessID
    self.grantID = grantID
  }
}
