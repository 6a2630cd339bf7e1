/// One authorization of one application, by a person or by itself: the unit that is listed, counted
/// (F49) and revoked. Every code exchange makes its own (G4), so devices do not evict each other.
public struct Grant: Equatable, Sendable {
  public var id: TokenID
  public var appSlot: UInt32
  /// 0 for a client's own grant (client credentials).
  public var userSlot: UInt32
  public var scopeSet: UInt16
  public var audience: UInt16
  /// The refresh family that belongs to it; 0 = none.
  public var familySlot: UInt32
  /// The commit position that made it. It lives while this is above the gates of grant, app, user.
  public var position: UInt64
  public var createdAtMillis: UInt64
  public var lastIssuedAtMillis: UInt64
  /// When its last token, refresh token included, has expired. Unix seconds.
  public var expiresAtSeconds: UInt32

  public init(
    id: TokenID, appSlot: UInt32, userSlot: UInt32, scopeSet: UInt16, audience: UInt16,
    familySlot: UInt32, position: UInt64, createdAtMillis: UInt64, expiresAtSeconds: UInt32
  ) {
    self.id = id
    self.appSlot = appSlot
    self.userSlot = userSlot
    self.scopeSet = scopeSet
    self.audience = audience
    self.familySlot = familySlot
    self.position = position
    self.createdAtMillis = createdAtMillis
    self.lastIssuedAtMillis = createdAtMillis
    self.expiresAtSeconds = expiresAtSeconds
  }
}
