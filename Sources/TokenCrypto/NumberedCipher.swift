internal import COpenSSL

/// AES-256-GCM from buffer to buffer, under a key of its own for each file: HKDF-SHA-256(root, salt
/// = the file's nonce, an info).
///
/// The GCM nonce is four zero bytes and the message's number, little-endian. Whoever calls `seal`
/// answers for it that no number comes twice under one key.
@safe
struct NumberedCipher: ~Copyable, @unchecked Sendable {
  /// Invariant: an EVP_CIPHER_CTX that this value alone owns.
  private let context: OpaquePointer
  private let key: SecretBytes

  init(_ root: RootKey, salt: Block128, info: StaticString) {
    key = root.journalKey(salt: salt.bytes, info: info)
    guard let made = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory for a cipher") }
    unsafe context = made
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Encrypts as many bytes as `plaintext` has into `target`, and authenticates them together with
  /// `header`.
  @unsafe
  mutating func seal(
    _ plaintext: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    number: UInt64, header: [UInt8]
  ) -> Block128 {
    var tag = [UInt8](repeating: 0, count: 16)
    guard unsafe run(1, number, header, plaintext, target, &tag), let block = Block128(bytes: tag)
    else { fatalError("libcrypto failed to encrypt (AES-256-GCM)") }
    return block
  }

  /// Decrypts as many bytes as `ciphertext` has into `target`. False if the key, number, header,
  /// text and tag do not belong together; what was written is then to be thrown away.
  @unsafe
  mutating func open(
    _ ciphertext: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    number: UInt64, header: [UInt8], tag: Block128
  ) -> Bool {
    var tagBytes = tag.bytes
    return unsafe run(0, number, header, ciphertext, target, &tagBytes)
  }

  /// Invariant: `output` has room for `input` (checked), `tag` has 16 bytes.
  @unsafe
  private mutating func run(
    _ encrypts: Int32, _ number: UInt64, _ header: [UInt8], _ input: UnsafeRawBufferPointer,
    _ output: UnsafeMutableRawBufferPointer, _ tag: inout [UInt8]
  ) -> Bool {
    precondition(output.count >= input.count, "the target has room for the text")
    var nonce = [UInt8](repeating: 0, count: 12)
    for index in 0..<8 {
      nonce[4 + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
    }
    return unsafe tag.withUnsafeMutableBufferPointer { tag in
      unsafe copenssl_aes256_gcm(
        context, encrypts, key.base.assumingMemoryBound(to: UInt8.self), nonce, header,
        header.count, input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count,
        output.baseAddress?.assumingMemoryBound(to: UInt8.self), tag.baseAddress) == 1
    }
  }
}
