/// The 32 bytes from which every other key comes. Whoever holds them can sign any token that the
/// data directory names; without them nothing at rest can be turned into a token.
///
/// Immutable, shared between threads, wiped when the last owner lets go.
public final class RootKey: Sendable {
  public static let length = 32

  private let secret: SecretBytes

  /// A copy of `bytes`, or nil if there are not exactly 32. Wipe your own copy afterwards.
  public init?(copying bytes: Span<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    secret = SecretBytes(count: Self.length)
    unsafe bytes.withUnsafeBytes { buffer in unsafe secret.bytes.copyMemory(from: buffer) }
  }

  /// A new random key.
  public init(from pool: inout EntropyPool) {
    secret = SecretBytes(count: Self.length)
    for offset in stride(from: 0, to: Self.length, by: 8) {
      unsafe secret.base.storeBytes(of: pool.word(), toByteOffset: offset, as: UInt64.self)
    }
  }

  /// Lends the 32 bytes, for writing the key file; keep no copy.
  public func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeBufferPointer<UInt8>(
      start: secret.base.assumingMemoryBound(to: UInt8.self), count: secret.count)
    return try unsafe body(bytes.span)
  }

  /// The key for `purpose`.
  func key(for purpose: KeyPurpose) -> SecretBytes {
    derive(salt: [], info: purpose.info, count: purpose.length)
  }

  /// The key of the token key id whose journaled salt is `salt`.
  func tokenKey(salt: Block128) -> SecretBytes {
    derive(salt: salt.bytes, info: tokenKeyInfo, count: 32)
  }

  private func derive(salt: [UInt8], info: StaticString, count: Int) -> SecretBytes {
    let infoBytes = unsafe [UInt8](
      UnsafeBufferPointer(start: info.utf8Start, count: info.utf8CodeUnitCount))
    let secretBytes = unsafe UnsafeBufferPointer<UInt8>(
      start: secret.base.assumingMemoryBound(to: UInt8.self), count: secret.count)
    return unsafe HKDF.deriveSecret(
      key: secretBytes.span, salt: salt.span, info: infoBytes.span, count: count)
  }
}
