internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869), extract and expand in one.
public enum HKDF {
  /// `count` bytes (1...8160) from `key`; an empty salt counts as 32 zero bytes (RFC 5869, 2.2).
  /// Costs some microseconds and allocates: for start-up and key rotation, not for requests.
  public static func derive(
    key: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>, count: Int
  ) -> [UInt8] {
    let secret = deriveSecret(key: key, salt: salt, info: info, count: count)
    return unsafe [UInt8](secret.bytes)
  }

  /// The same, into memory for keys.
  static func deriveSecret(
    key: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>, count: Int
  ) -> SecretBytes {
    precondition(count > 0 && count <= 255 * 32, "HKDF-SHA-256 gives 1 to 8160 bytes")
    let output = SecretBytes(count: count)
    let result = unsafe key.withUnsafeBufferPointer { keyBytes in
      unsafe salt.withUnsafeBufferPointer { saltBytes in
        unsafe info.withUnsafeBufferPointer { infoBytes in
          unsafe copenssl_hkdf(
            output.base.assumingMemoryBound(to: UInt8.self), count, keyBytes.baseAddress,
            keyBytes.count, saltBytes.baseAddress, saltBytes.count, infoBytes.baseAddress,
            infoBytes.count)
        }
      }
    }
    guard result == 1 else { fatalError("libcrypto failed to derive a key (HKDF)") }
    return output
  }
}
