internal import COpenSSL

/// SHA-256 (FIPS 180-4), one-shot or piece by piece.
///
/// Not copyable, and wiped at the end, because what is hashed may be a secret.
public struct SHA256: ~Copyable {
  private var context = SHA256_CTX()

  public init() { unsafe copenssl_sha256_begin(&context) }

  deinit {
    var context = context
    unsafe OPENSSL_cleanse(&context, MemoryLayout<SHA256_CTX>.size)
  }

  /// Takes in more bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { buffer in unsafe update(buffer) }
  }

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe copenssl_sha256_absorb(&context, bytes.baseAddress, bytes.count)
  }

  /// The digest of everything taken in.
  public consuming func finalize() -> Block256 {
    var words: InlineArray<4, UInt64> = .init(repeating: 0)
    var span = words.mutableSpan
    unsafe span.withUnsafeMutableBytes { buffer in
      unsafe copenssl_sha256_finish(&context, buffer.baseAddress)
    }
    return Block256(littleEndian: words)
  }

  /// The digest of `bytes`. No allocation.
  public static func hash(_ bytes: Span<UInt8>) -> Block256 {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  /// The digest of `bytes`. No allocation.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Block256 {
    var hash = SHA256()
    unsafe hash.update(bytes)
    return hash.finalize()
  }
}

extension Block256 {
  /// The block whose bytes in memory are those of `words`.
  init(littleEndian words: InlineArray<4, UInt64>) {
    self.init(
      word0: UInt64(littleEndian: words[0]), word1: UInt64(littleEndian: words[1]),
      word2: UInt64(littleEndian: words[2]), word3: UInt64(littleEndian: words[3]))
  }
}
