/// All refresh tokens that descend from one exchange, as one record: because the generation is in
/// the token, every older one is recognised with nothing remembered per token (RFC 9700 4.14.2).
public struct RefreshFamily: Equatable, Sendable {
  /// The id of generation 0. `TokenID.with(generation:)` gives any other.
  public var id: TokenID
  /// The only generation that rotates.
  public var generation: UInt32
  /// The key that signed the current generation; a replay is signed with that key.
  public var keyID: UInt8
  public var isRevoked: Bool
  public var grantSlot: UInt32
  public var appSlot: UInt32
  public var userSlot: UInt32
  public var scopeSet: UInt16
  public var audience: UInt16
  /// The commit position that made it.
  public var position: UInt64
  public var createdAtMillis: UInt64
  public var rotatedAtMillis: UInt64
  public var absoluteExpirySeconds: UInt32
  public var idleExpirySeconds: UInt32
  /// The access token issued with the current generation, for a replay within the grace.
  public var accessID: TokenID
  public var accessKeyID: UInt8
  public var accessScopeSet: UInt16
  public var accessExpirySeconds: UInt32

  public init(
    id: TokenID, keyID: UInt8, grantSlot: UInt32, appSlot: UInt32, userSlot: UInt32,
    scopeSet: UInt16, audience: UInt16, position: UInt64, createdAtMillis: UInt64,
    absoluteExpirySeconds: UInt32, idleExpirySeconds: UInt32
  ) {
    self.id = id.with(generation: 0)
    self.generation = 0
    self.keyID = keyID
    self.isRevoked = false
    self.grantSlot = grantSlot
    self.appSlot = appSlot
    self.userSlot = userSlot
    self.scopeSet = scopeSet
    self.audience = audience
    self.position = position
    self.createdAtMillis = createdAtMillis
    self.rotatedAtMillis = createdAtMillis
    self.absoluteExpirySeconds = absoluteExpirySeconds
    self.idleExpirySeconds = idleExpirySeconds
    self.accessID = .none
    self.accessKeyID = 0
    self.accessScopeSet = 0
    self.accessExpirySeconds = 0
  }

  /// Unix seconds after which its current token is refused.
  public var expiresAtSeconds: UInt32 { min(absoluteExpirySeconds, idleExpirySeconds) }
}
