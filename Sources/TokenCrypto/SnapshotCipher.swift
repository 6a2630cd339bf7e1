/// AES-256-GCM under the key of one snapshot: HKDF-SHA-256(root, salt = the snapshot's nonce, info
/// "signet/snapshot/v1"). From buffer to buffer, because a snapshot is long.
///
/// Each snapshot has a random nonce and each number is sealed once in it; whoever calls `seal`
/// answers for that.
public struct SnapshotCipher: ~Copyable, Sendable {
  private var cipher: NumberedCipher

  public static let info: StaticString = "signet/snapshot/v1"

  public init(_ root: RootKey, nonce: Block128) {
    cipher = NumberedCipher(root, salt: nonce, info: Self.info)
  }

  /// Encrypts as many bytes as `plaintext` has into `target`, and authenticates them together with
  /// `header`.
  @unsafe
  public mutating func seal(
    _ plaintext: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    number: UInt64, header: [UInt8]
  ) -> Block128 {
    unsafe cipher.seal(plaintext, into: target, number: number, header: header)
  }

  /// Decrypts as many bytes as `ciphertext` has into `target`. False if the key, number, header,
  /// text and tag do not belong together; what was written is then to be thrown away.
  @unsafe
  public mutating func open(
    _ ciphertext: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    number: UInt64, header: [UInt8], tag: Block128
  ) -> Bool {
    unsafe cipher.open(ciphertext, into: target, number: number, header: header, tag: tag)
  }
}
