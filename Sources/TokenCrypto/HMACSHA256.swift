internal import COpenSSL

/// HMAC-SHA-256 (RFC 2104) under one key, with the padded key absorbed once: a message of up to 55
/// bytes costs two SHA-256 blocks and nothing else.
///
/// `tag` only reads, but make one per thread anyway: keys belong to whoever uses them.
public struct HMACSHA256: ~Copyable, Sendable {
  /// The chaining values after the inner and the outer pad; as good as the key, hence its home.
  private let state: SecretBytes

  /// A key of any length; one longer than a block (64 bytes) is hashed first, as the RFC says.
  public init(key: Span<UInt8>) {
    state = SecretBytes(count: Int(COPENSSL_HMAC_STATE_BYTES))
    unsafe key.withUnsafeBytes { buffer in unsafe Self.prepare(state.base, key: buffer) }
  }

  init(key: borrowing SecretBytes) {
    state = SecretBytes(count: Int(COPENSSL_HMAC_STATE_BYTES))
    unsafe Self.prepare(state.base, key: UnsafeRawBufferPointer(key.bytes))
  }

  /// Fills the 64 bytes at `state` for `key`.
  static func prepare(_ state: UnsafeMutableRawPointer, key: UnsafeRawBufferPointer) {
    let words = unsafe state.assumingMemoryBound(to: UInt32.self)
    if key.count <= 64 {
      unsafe copenssl_hmac_prepare(
        words, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count)
    } else {
      let digest = unsafe SHA256.hash(key)
      var bytes = digest.bytes
      unsafe copenssl_hmac_prepare(words, bytes, bytes.count)
      wipe(&bytes)
    }
  }

  /// The tag of `message`. No allocation.
  public func tag(_ message: Span<UInt8>) -> Block256 {
    unsafe message.withUnsafeBytes { buffer in unsafe tag(buffer) }
  }

  /// The tag of `message`. No allocation.
  public func tag(_ message: UnsafeRawBufferPointer) -> Block256 {
    let key = unsafe UnsafePointer(state.base.assumingMemoryBound(to: UInt32.self))
    var words: InlineArray<4, UInt64> = .init(repeating: 0)
    var span = words.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { output in
      if message.count <= 55, let base = message.baseAddress {
        unsafe copenssl_hmac_short(
          key, base.assumingMemoryBound(to: UInt8.self), message.count, output.baseAddress)
      } else {
        unsafe copenssl_hmac_long(key, message.baseAddress, message.count, output.baseAddress)
      }
    }
    return Block256(word0: words[0], word1: words[1], word2: words[2], word3: words[3])
  }
}
