/// Proof Key for Code Exchange, method S256 (RFC 7636).
public enum PKCE {
  /// Characters of every S256 challenge: base64url of 32 bytes without padding.
  public static let challengeLength = 43

  private static var alphabet: StaticString {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  }

  /// BASE64URL(SHA256(verifier)), 43 characters. Whether the verifier has the syntax of section
  /// 4.1 is for the caller to have checked.
  public static func challenge(_ verifier: Span<UInt8>) -> [UInt8] {
    let digest = SHA256.hash(verifier).bytes
    return [UInt8](capacity: challengeLength) { output in
      var bits: UInt32 = 0
      var held: UInt32 = 0
      for byte in digest {
        bits = bits << 8 | UInt32(byte)
        held += 8
        while held >= 6 {
          held -= 6
          output.append(digit(bits >> held & 63))
        }
      }
      output.append(digit(bits << (6 - held) & 63))
    }
  }

  /// Whether `verifier` answers `challenge` (section 4.6), in a time that does not depend on where
  /// they differ.
  public static func verifier(_ verifier: Span<UInt8>, answers challenge: Span<UInt8>) -> Bool {
    let expected = Self.challenge(verifier)
    return matchesInConstantTime(expected.span, challenge)
  }

  /// Invariant: `value` is below 64, the length of the literal.
  private static func digit(_ value: UInt32) -> UInt8 {
    unsafe alphabet.utf8Start[Int(value)]
  }
}
