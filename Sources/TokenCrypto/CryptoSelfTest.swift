/// A check of libcrypto as it is on this machine, for the start of a process. The token path uses
/// SHA-256's block function with padding of its own; here it is held against the provider
/// interface, which shares none of that, on every message length about the block boundaries.
public enum CryptoSelfTest {
  /// Whether both computations agree. If not, sign and verify nothing. Costs under a millisecond.
  public static func passes() -> Bool {
    for keyLength in [1, 32, 63, 64, 65, 131] {
      let key = pattern(keyLength, from: 0x5A)
      let mac = HMACSHA256(key: key.span)
      var provider = ProviderHMAC(key: key.span)
      for length in 0...130 {
        let message = pattern(length, from: UInt8(truncatingIfNeeded: keyLength))
        if mac.tag(message.span) != provider.tag(message.span) { return false }
      }
    }
    return true
  }

  private static func pattern(_ count: Int, from start: UInt8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 29) &+ start }
  }
}
