/// An authorization code (RFC 6749 4.1.2): single use, bound to everything it was given for.
public struct AuthorizationCode: Equatable, Sendable {
  /// How far the code has come. The raw value is stored; only a fresh code can be redeemed.
  public enum State: UInt8, Sendable {
    case fresh = 1
    /// Redeemed; shown again by its own client, what it produced is revoked.
    case redeemed = 2
    /// Shown with a wrong client, redirect or verifier: good for nothing any more.
    case burnt = 3
  }

  public var id: TokenID
  public var keyID: UInt8
  public var state: State
  public var appSlot: UInt32
  public var userSlot: UInt32
  public var scopeSet: UInt16
  public var audience: UInt16
  /// The commit position that made it.
  public var position: UInt64
  public var createdAtMillis: UInt64
  public var expiresAtMillis: UInt64
  /// The grant it produced, by slot and id, since the slot may have another owner by then.
  public var producedGrantSlot: UInt32
  public var producedGrantID: TokenID
  /// The S256 challenge, 43 bytes, or empty.
  public var codeChallenge: [UInt8]
  /// The redirect URI exactly as presented.
  public var redirectURI: [UInt8]

  public init(
    id: TokenID, keyID: UInt8, appSlot: UInt32, userSlot: UInt32, scopeSet: UInt16,
    audience: UInt16, position: UInt64, createdAtMillis: UInt64, expiresAtMillis: UInt64,
    codeChallenge: [UInt8], redirectURI: [UInt8]
  ) {
    self.id = id
    self.keyID = keyID
    self.state = .fresh
    self.appSlot = appSlot
    self.userSlot = userSlot
    self.scopeSet = scopeSet
    self.audience = audience
    self.position = position
    self.createdAtMillis = createdAtMillis
    self.expiresAtMillis = expiresAtMillis
    self.producedGrantSlot = 0
    self.producedGrantID = .none
    self.codeChallenge = codeChallenge
    self.redirectURI = redirectURI
  }
}
