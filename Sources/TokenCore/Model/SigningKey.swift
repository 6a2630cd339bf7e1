/// A token key's row: the salt it is derived with and what it may still do. The key itself is
/// never here.
public struct SigningKey: Equatable, Sendable {
  /// What the key may still do. The raw value is stored.
  public enum State: UInt8, Sendable {
    /// Signs and verifies. Exactly one key is primary.
    case primary = 1
    case verifyOnly = 2
    /// Its tokens are dead; its id is not used again.
    case retired = 3
  }

  public var keyID: UInt8
  public var state: State
  /// 16 bytes, the HKDF salt.
  public var salt: TokenID
  public var createdAtMillis: UInt64

  public init(keyID: UInt8, state: State, salt: TokenID, createdAtMillis: UInt64) {
    self.keyID = keyID
    self.state = state
    self.salt = salt
    self.createdAtMillis = createdAtMillis
  }
}
