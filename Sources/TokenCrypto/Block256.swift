/// Thirty-two bytes as four little-endian words: a digest, a full tag, a client secret.
///
/// `==` stops early; compare anything an attacker may guess at with `matches(_:)`.
public struct Block256: Sendable, Hashable {
  public var word0: UInt64
  public var word1: UInt64
  public var word2: UInt64
  public var word3: UInt64

  public init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// The block that 32 bytes spell, or nil for any other count.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init(
      word0: littleEndianWord(bytes, at: 0), word1: littleEndianWord(bytes, at: 8),
      word2: littleEndianWord(bytes, at: 16), word3: littleEndianWord(bytes, at: 24))
  }

  /// The first 16 of the 32 bytes.
  public var firstHalf: Block128 { Block128(word0: word0, word1: word1) }

  /// Whether both are equal, in a time that does not depend on where they differ.
  public func matches(_ other: Block256) -> Bool {
    (word0 ^ other.word0) | (word1 ^ other.word1) | (word2 ^ other.word2)
      | (word3 ^ other.word3) == 0
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [UInt8](capacity: 32) { output in
      append(word0, to: &output)
      append(word1, to: &output)
      append(word2, to: &output)
      append(word3, to: &output)
    }
  }
}
