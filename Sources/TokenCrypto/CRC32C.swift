internal import COpenSSL

/// CRC-32C (Castagnoli, as in iSCSI, RFC 3720): tells a decayed medium from a wrong key. No
/// protection against anybody who means harm.
public enum CRC32C {
  /// The checksum of `bytes[range]`. Uses the processor's instruction where there is one: some
  /// gigabytes a second.
  public static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range lies in the bytes")
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return copenssl_crc32c(nil, 0) }
      return unsafe copenssl_crc32c(base + range.lowerBound, range.count)
    }
  }

  /// The checksum of all the bytes.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 { checksum(bytes, 0..<bytes.count) }
}
