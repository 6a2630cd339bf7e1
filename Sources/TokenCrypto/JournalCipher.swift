internal import COpenSSL

/// AES-256-GCM under the key of one journal segment: HKDF-SHA-256(root, salt = the segment's nonce,
/// info "signet/journal/v1").
///
/// The GCM nonce is four zero bytes and the message number, little-endian. A segment's key is its
/// own and each number is sealed once in it, so no pair of key and nonce comes twice; whoever calls
/// `seal` answers for that.
@safe
public struct JournalCipher: ~Copyable, @unchecked Sendable {
  /// Invariant: an EVP_CIPHER_CTX that this value alone owns.
  private let context: OpaquePointer
  private let key: SecretBytes

  public static let info: StaticString = "signet/journal/v1"

  public init(_ root: RootKey, segmentNonce: Block128) {
    key = root.journalKey(salt: segmentNonce.bytes, info: Self.info)
    guard let made = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory for a cipher") }
    unsafe context = made
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Encrypts `plaintext` and authenticates it together with `header`.
  public mutating func seal(
    _ plaintext: [UInt8], number: UInt64, header: [UInt8]
  ) -> (ciphertext: [UInt8], tag: Block128) {
    var output = [UInt8](repeating: 0, count: plaintext.count)
    var tag = [UInt8](repeating: 0, count: 16)
    let worked = unsafe plaintext.withUnsafeBufferPointer { input in
      unsafe run(1, number, header, input, &output, &tag)
    }
    guard worked, let block = Block128(bytes: tag) else {
      fatalError("libcrypto failed to encrypt (AES-256-GCM)")
    }
    return (output, block)
  }

  /// The plaintext of `bytes[range]`, or nil if the key, number, header, text and tag do not belong
  /// together.
  public mutating func open(
    _ bytes: [UInt8], _ range: Range<Int>, number: UInt64, header: [UInt8], tag: Block128
  ) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: range.count)
    var tagBytes = tag.bytes
    let worked = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe run(
        0, number, header, UnsafeBufferPointer(rebasing: input[range]), &output, &tagBytes)
    }
    return worked ? output : nil
  }

  /// Invariant: `output` has as many bytes as `input`, `tag` has 16.
  private mutating func run(
    _ encrypts: Int32, _ number: UInt64, _ header: [UInt8], _ input: UnsafeBufferPointer<UInt8>,
    _ output: inout [UInt8], _ tag: inout [UInt8]
  ) -> Bool {
    var nonce = [UInt8](repeating: 0, count: 12)
    for index in 0..<8 {
      nonce[4 + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
    }
    return unsafe output.withUnsafeMutableBufferPointer { to in
      unsafe tag.withUnsafeMutableBufferPointer { tag in
        unsafe copenssl_aes256_gcm(
          context, encrypts, key.base.assumingMemoryBound(to: UInt8.self), nonce, header,
          header.count, input.baseAddress, input.count, to.baseAddress, tag.baseAddress) == 1
      }
    }
  }
}

/// HMAC-SHA-256, cut to 128 bits, over the journal's single blocks (format, segment headers,
/// witness), under a key of its own: HKDF(root, empty salt, info "signet/journal/block/v1").
public struct JournalMAC: ~Copyable, Sendable {
  private let mac: HMACSHA256

  public static let info: StaticString = "signet/journal/block/v1"

  public init(_ root: RootKey) {
    mac = HMACSHA256(key: root.journalKey(salt: [], info: Self.info))
  }

  /// The tag of a block.
  public func tag(_ bytes: [UInt8]) -> Block128 { mac.tag(bytes).firstHalf }
}

extension RootKey {
  /// A key of 32 bytes for the journal.
  func journalKey(salt: [UInt8], info: StaticString) -> SecretBytes {
    let infoBytes = unsafe [UInt8](
      UnsafeBufferPointer(start: info.utf8Start, count: info.utf8CodeUnitCount))
    var derived = withBytes { root in
      HKDF.derive(key: root, salt: salt.span, info: infoBytes.span, count: 32)
    }
    let secret = SecretBytes(count: derived.count)
    unsafe derived.withUnsafeBytes { unsafe secret.bytes.copyMemory(from: $0) }
    wipe(&derived)
    return secret
  }
}
