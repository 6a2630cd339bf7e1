/// What a key derived from the root key is for. One purpose, one key: HKDF-SHA-256 over the root
/// key with an empty salt and `info` below. Token keys are derived apart, with a salt for each key
/// id (`TokenKeyset`).
public enum KeyPurpose: Sendable, CaseIterable {
  /// AES-128 of access-token ids into accessors.
  case accessor
  /// HMAC over consent tickets.
  case ticket
  /// HMAC that turns the seed of a keyed mutation into its ids and secrets.
  case derive

  /// The HKDF `info` of this purpose, ASCII.
  public var info: StaticString {
    switch self {
    case .accessor: "signet/accessor/v1"
    case .ticket: "signet/ticket/v1"
    case .derive: "signet/derive/v1"
    }
  }

  /// Bytes of the derived key.
  public var length: Int { self == .accessor ? 16 : 32 }
}

/// The HKDF `info` of every token key.
let tokenKeyInfo: StaticString = "signet/token/v1"
