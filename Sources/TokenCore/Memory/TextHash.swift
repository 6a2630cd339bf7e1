/// SipHash-1-3 of a byte string: the index key of texts that callers choose (user ids, scope sets,
/// client ids). With a random key nobody can aim many texts at one place of an index.
public struct TextHash: Sendable, BitwiseCopyable {
  private let key0: UInt64
  private let key1: UInt64

  /// - Parameters key0, key1: 128 bits drawn at start; index memory is derived, so the key is not
  ///   kept.
  public init(key0: UInt64, key1: UInt64) {
    self.key0 = key0
    self.key1 = key1
  }

  public func hash(_ bytes: [UInt8]) -> UInt64 { hash(bytes.span) }

  public func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var state = SipState(key0: key0, key1: key1)
    let wholeBytes = bytes.count & ~7
    for offset in stride(from: 0, to: wholeBytes, by: 8) {
      // In bounds, as the load itself checks.
      let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state.absorb(UInt64(littleEndian: word))
    }
    var last = UInt64(bytes.count & 0xff) << 56
    for index in wholeBytes..<bytes.count { last |= UInt64(bytes[index]) << UInt64(index % 8 * 8) }
    state.absorb(last)
    return state.finish()
  }
}

/// The four words of SipHash.
private struct SipState {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  init(key0: UInt64, key1: UInt64) {
    v0 = key0 ^ 0x736f_6d65_7073_6575
    v1 = key1 ^ 0x646f_7261_6e64_6f6d
    v2 = key0 ^ 0x6c79_6765_6e65_7261
    v3 = key1 ^ 0x7465_6462_7974_6573
  }

  mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    v0 ^= word
  }

  mutating func finish() -> UInt64 {
    v2 ^= 0xff
    round()
    round()
    round()
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func round() {
    v0 &+= v1
    v1 = rotate(v1, 13) ^ v0
    v0 = rotate(v0, 32)
    v2 &+= v3
    v3 = rotate(v3, 16) ^ v2
    v0 &+= v3
    v3 = rotate(v3, 21) ^ v0
    v2 &+= v1
    v1 = rotate(v1, 17) ^ v2
    v2 = rotate(v2, 32)
  }

  private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
