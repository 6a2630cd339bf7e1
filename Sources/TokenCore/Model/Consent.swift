/// A remembered Allow (F17): for one user, one application, one redirect URI, a set of scopes.
public struct Consent: Equatable, Sendable {
  public var userSlot: UInt32
  public var appSlot: UInt32
  public var scopeSet: UInt16
  public var redirectURI: [UInt8]
  public var firstAllowedAtMillis: UInt64

  public init(
    userSlot: UInt32, appSlot: UInt32, scopeSet: UInt16, redirectURI: [UInt8],
    firstAllowedAtMillis: UInt64
  ) {
    self.userSlot = userSlot
    self.appSlot = appSlot
    self.scopeSet = scopeSet
    self.redirectURI = redirectURI
    self.firstAllowedAtMillis = firstAllowedAtMillis
  }
}

/// The mark that a consent ticket was answered; kept until the ticket would have expired.
public struct UsedTicket: Equatable, Sendable {
  public var id: TokenID
  public var expiresAtMillis: UInt64

  public init(id: TokenID, expiresAtMillis: UInt64) {
    self.id = id
    self.expiresAtMillis = expiresAtMillis
  }
}
