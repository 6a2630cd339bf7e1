internal import COpenSSL

/// Access-token id ⇄ accessor: one block of AES-128 under a key of its own.
///
/// A bare block cipher is right here, where it would be wrong for messages: what is enciphered is
/// one block of 128 bits that never repeats (a random id), the wish is a permutation (same length,
/// nothing stored, one accessor for one id), and equal ids shall give equal accessors. ECB's fault
/// is to show equal blocks of one message; there is one block. The accessor needs no integrity: a
/// made-up one deciphers to an id that no record has.
///
/// Each thread makes its own: the contexts change with every call. About a tenth of a microsecond.
@safe
public struct AccessorCipher: ~Copyable {
  /// Invariant: two EVP_CIPHER_CTX, keyed, without padding, that this value alone owns.
  private let enciphering: OpaquePointer
  private let deciphering: OpaquePointer

  public init(_ root: RootKey) {
    let key = root.key(for: .accessor)
    unsafe enciphering = Self.context(key, direction: 1)
    unsafe deciphering = Self.context(key, direction: 0)
  }

  deinit {
    unsafe EVP_CIPHER_CTX_free(enciphering)
    unsafe EVP_CIPHER_CTX_free(deciphering)
  }

  /// The accessor of the token with this id.
  public mutating func accessor(ofID id: Block128) -> Block128 {
    unsafe Self.transform(id, enciphering)
  }

  /// The id of the token with this accessor.
  public mutating func id(ofAccessor accessor: Block128) -> Block128 {
    unsafe Self.transform(accessor, deciphering)
  }

  private static func context(_ key: borrowing SecretBytes, direction: Int32) -> OpaquePointer {
    guard let context = unsafe EVP_CIPHER_CTX_new(),
      unsafe EVP_CipherInit_ex2(
        context, EVP_aes_128_ecb(), key.base.assumingMemoryBound(to: UInt8.self), nil, direction,
        nil) == 1,
      unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else { fatalError("libcrypto has no AES-128-ECB") }
    return unsafe context
  }

  private static func transform(_ block: Block128, _ context: OpaquePointer) -> Block128 {
    let input: InlineArray<2, UInt64> = [block.word0.littleEndian, block.word1.littleEndian]
    var output: InlineArray<2, UInt64> = .init(repeating: 0)
    var written: Int32 = 0
    var outputSpan = output.mutableSpan
    let result = unsafe outputSpan.withUnsafeMutableBytes { to in
      unsafe input.span.withUnsafeBytes { from in
        unsafe EVP_CipherUpdate(
          context, to.baseAddress?.assumingMemoryBound(to: UInt8.self), &written,
          from.baseAddress?.assumingMemoryBound(to: UInt8.self), 16)
      }
    }
    guard result == 1, written == 16 else { fatalError("libcrypto failed on one AES block") }
    return Block128(
      word0: UInt64(littleEndian: output[0]), word1: UInt64(littleEndian: output[1]))
  }
}
