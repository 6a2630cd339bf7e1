/// A refresh token's id is its family (96 bits: `word0` and the low half of `word1`) followed by
/// its generation (the high half of `word1`).
extension TokenID {
  public static let none = TokenID(word0: 0, word1: 0)

  /// The generation of a refresh token.
  public var generation: UInt32 { UInt32(truncatingIfNeeded: word1 >> 32) }

  /// The same id with its generation set to `generation`: for 0, the name of the family.
  public func with(generation: UInt32) -> TokenID {
    TokenID(word0: word0, word1: (word1 & 0xFFFF_FFFF) | (UInt64(generation) << 32))
  }
}
