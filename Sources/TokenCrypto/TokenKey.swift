/// What a token key may still do.
public enum TokenKeyState: UInt8, Sendable, CaseIterable {
  /// Signs new tokens, and verifies.
  case primary = 1
  /// Verifies, and signs replays of tokens that already carry it.
  case verifyOnly = 2
  /// Does nothing; its tokens are answered `.unknownKey`.
  case retired = 3
}

/// One token key as the journal keeps it: the salt is no secret, the key itself is
/// HKDF-SHA-256(root key, salt, "signet/token/v1") and is never stored.
public struct TokenKey: Sendable, Equatable {
  public var keyID: UInt8
  public var salt: Block128
  public var state: TokenKeyState

  public init(keyID: UInt8, salt: Block128, state: TokenKeyState) {
    self.keyID = keyID
    self.salt = salt
    self.state = state
  }
}

/// Why a list of token keys makes no keyset.
public enum TokenKeysetFault: Error, Sendable, Equatable {
  /// No key is primary, so nothing could be signed.
  case noPrimary
  /// A second primary key, with this id.
  case secondPrimary(keyID: UInt8)
  /// This id occurs twice.
  case duplicate(keyID: UInt8)
}
