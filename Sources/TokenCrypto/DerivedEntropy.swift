/// Ids and secrets that can be made again: the n-th value of a seed is
///
///     HMAC-SHA-256(derive key, seed ‖ counter ‖ purpose)
///
/// over 21 bytes: the 16 of the seed, the counter as 4 little-endian bytes, and one byte of
/// purpose, 0x01 for an id and 0x02 for a secret. An id is the first 16 bytes of that, a secret all
/// 32. The purpose keeps them apart: an id is public, and half of no secret.
///
/// The journal keeps the seed of a keyed mutation, so a retry gets the same tokens, while what is
/// at rest gives none of them away without the root key.
public struct DerivedEntropy: ~Copyable, Sendable {
  private let mac: HMACSHA256

  public init(_ root: RootKey) { mac = HMACSHA256(key: root.key(for: .derive)) }

  /// The id number `counter` of `seed`.
  public func id(seed: Block128, counter: UInt32) -> Block128 {
    value(seed: seed, counter: counter, purpose: 0x01).firstHalf
  }

  /// The secret number `counter` of `seed`.
  public func secret(seed: Block128, counter: UInt32) -> Block256 {
    value(seed: seed, counter: counter, purpose: 0x02)
  }

  private func value(seed: Block128, counter: UInt32, purpose: UInt8) -> Block256 {
    var message: InlineArray<21, UInt8> = .init(repeating: 0)
    for index in 0..<8 {
      message[index] = UInt8(truncatingIfNeeded: seed.word0 >> (8 * UInt64(index)))
      message[8 + index] = UInt8(truncatingIfNeeded: seed.word1 >> (8 * UInt64(index)))
    }
    for index in 0..<4 {
      message[16 + index] = UInt8(truncatingIfNeeded: counter >> (8 * UInt32(index)))
    }
    message[20] = purpose
    return mac.tag(message.span)
  }
}
