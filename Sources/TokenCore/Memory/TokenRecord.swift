/// 128 random bits that name a token, as the two words its text carries.
public struct TokenID: Hashable, Sendable, BitwiseCopyable {
  public var word0: UInt64
  public var word1: UInt64

  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  /// What ``TokenIndex`` takes: the id is random and authenticated, so it is its own hash.
  public var hash: UInt64 { word0 }
}

/// The first 128 bits of the SHA-256 of a token's text, read little-endian.
public struct TokenDigest: Hashable, Sendable, BitwiseCopyable {
  public var word0: UInt64
  public var word1: UInt64

  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }
}

/// One live token: 64 bytes, eight words, fixed layout (the most significant field first).
///
/// | word | holds |
/// |---|---|
/// | 0 | version 16, state 8 (bit 7 live, bit 6 revoked, low bits kind), key id 8, expiry in Unix
/// seconds 32 |
/// | 1, 2 | id |
/// | 3, 4 | digest of the token's text |
/// | 5 | commit position 48, scope set id 16 |
/// | 6 | grant slot 32, audience id 16, flags 16 |
/// | 7 | app slot 32, user slot 32 |
public struct TokenRecord: Equatable, Sendable, BitwiseCopyable {
  /// 1 ... 63; the rules say what each kind is.
  public var kind: UInt8
  public var keyID: UInt8
  /// Unix seconds; the token is expired from that second on.
  public var expirySeconds: UInt32
  public var id: TokenID
  public var digest: TokenDigest
  /// Position of the commit that created the token, below 2^48.
  public var position: UInt64
  /// Scope set and audience: ids in their ``TextTable``; 0 is none.
  public var scopeSet: UInt16
  public var audience: UInt16
  public var flags: UInt16
  /// Slots in the tables of fat records; 0 is none.
  public var grant: UInt32
  public var app: UInt32
  public var user: UInt32
  /// Ended before its time. Such a record is not live; it stays until it is reclaimed.
  public var isRevoked = false

  public init(
    kind: UInt8, keyID: UInt8, expirySeconds: UInt32, id: TokenID, digest: TokenDigest,
    position: UInt64, scopeSet: UInt16 = 0, audience: UInt16 = 0, flags: UInt16 = 0,
    grant: UInt32 = 0, app: UInt32 = 0, user: UInt32 = 0
  ) {
    self.kind = kind
    self.keyID = keyID
    self.expirySeconds = expirySeconds
    self.id = id
    self.digest = digest
    self.position = position
    self.scopeSet = scopeSet
    self.audience = audience
    self.flags = flags
    self.grant = grant
    self.app = app
    self.user = user
  }

  /// A record that no slot holds; to fill arrays of answers with.
  public static let none = TokenRecord(
    kind: 0, keyID: 0, expirySeconds: 0, id: TokenID(word0: 0, word1: 0),
    digest: TokenDigest(word0: 0, word1: 0), position: 0)
}

/// Word 0 of a record. It is the only word that changes while the slot is published, and every
/// change of it is one atomic store.
struct TokenState: BitwiseCopyable {
  var word: UInt64

  private static let liveBit: UInt64 = 1 << 47
  private static let revokedBit: UInt64 = 1 << 46
  private static let kindMask: UInt64 = 0x3f

  /// A dead state with the version after this one's. Version 0 is left to slots never used.
  var nextDead: TokenState {
    let next = (word >> 48 + 1) & 0xffff
    return TokenState(word: (next == 0 ? 1 : next) << 48)
  }

  /// This state's version, live.
  func live(kind: UInt8, keyID: UInt8, expirySeconds: UInt32) -> TokenState {
    TokenState(
      word: word & 0xffff << 48 | Self.liveBit | (UInt64(kind) & Self.kindMask) << 40 | UInt64(
        keyID) << 32
        | UInt64(expirySeconds))
  }

  /// The same token, live no more.
  var revoked: TokenState { TokenState(word: word & ~Self.liveBit | Self.revokedBit) }

  var isLive: Bool { word & Self.liveBit != 0 }
  var isRevoked: Bool { word & Self.revokedBit != 0 }
  /// Whether the slot holds a token, live or revoked.
  var isTaken: Bool { word & (Self.liveBit | Self.revokedBit) != 0 }
  var version: UInt16 { UInt16(truncatingIfNeeded: word >> 48) }
  var kind: UInt8 { UInt8(truncatingIfNeeded: word >> 40 & Self.kindMask) }
  var keyID: UInt8 { UInt8(truncatingIfNeeded: word >> 32) }
  var expirySeconds: UInt32 { UInt32(truncatingIfNeeded: word) }
}
