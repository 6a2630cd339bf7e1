/// Sixteen bytes as two little-endian words: an id, a tag, a salt, a seed, half a digest.
///
/// `==` stops early; compare anything an attacker may guess at with `matches(_:)`.
public struct Block128: Sendable, Hashable {
  public var word0: UInt64
  public var word1: UInt64

  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  /// The block that 16 bytes spell, or nil for any other count.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.init(
      word0: littleEndianWord(bytes, at: 0), word1: littleEndianWord(bytes, at: 8))
  }

  /// Whether both are equal, in a time that does not depend on where they differ.
  public func matches(_ other: Block128) -> Bool {
    (word0 ^ other.word0) | (word1 ^ other.word1) == 0
  }

  /// The 16 bytes as 32 lower-case hexadecimal digits.
  public var hexText: String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// The 16 bytes.
  public var bytes: [UInt8] {
    [UInt8](capacity: 16) { output in
      append(word0, to: &output)
      append(word1, to: &output)
    }
  }
}

/// Invariant: 8 bytes at `offset` lie inside `bytes` (the subscript traps otherwise).
func littleEndianWord(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
  var word: UInt64 = 0
  for index in 0..<8 { word |= UInt64(bytes[offset + index]) << (8 * UInt64(index)) }
  return word
}

func append(_ word: UInt64, to output: inout OutputSpan<UInt8>) {
  for index in 0..<8 { output.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))) }
}
