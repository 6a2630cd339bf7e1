/// Sixteen raw bytes (`b16`): idempotency keys and the server instance. Kept as two words so that
/// comparing and hashing cost two instructions; the words are the bytes read little-endian.
public struct Bytes16: Hashable, Sendable {
  public var word0: UInt64
  public var word1: UInt64

  @inlinable
  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  /// All bytes zero: "no idempotency key".
  public static let zero = Bytes16(word0: 0, word1: 0)

  /// Whether all bytes are zero, as in ``zero``.
  @inlinable
  public var isZero: Bool { word0 | word1 == 0 }

  /// The value of exactly sixteen bytes, else nil.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self = .zero
    for index in 0..<8 {
      word0 |= UInt64(bytes[index]) << (8 * UInt64(index))
      word1 |= UInt64(bytes[index + 8]) << (8 * UInt64(index))
    }
  }

  /// The sixteen bytes in wire order.
  public var bytes: [UInt8] {
    (0..<16).map { index in
      UInt8(truncatingIfNeeded: (index < 8 ? word0 : word1) >> (8 * UInt64(index % 8)))
    }
  }
}
