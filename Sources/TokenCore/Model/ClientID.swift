/// The text of a client id: 128 random bits as 26 characters of `[a-z2-7]` (F11).
public enum ClientID {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// Five bits a character, most significant first; the first character carries three.
  public static func text(_ id: TokenID) -> [UInt8] {
    (0..<Limits.clientIDBytes).map { place in
      let shift = 5 * (Limits.clientIDBytes - 1 - place)
      return alphabet[Int(bits(id, from: shift) & 31)]
    }
  }

  /// Whether the bytes have the form of a client id: 26 of `a-z` and `2-7`. Says nothing about
  /// whether such a client exists.
  public static func isWellFormed(_ text: [UInt8]) -> Bool {
    text.count == Limits.clientIDBytes
      && text.allSatisfy { (0x61...0x7A).contains($0) || (0x32...0x37).contains($0) }
  }

  private static func bits(_ id: TokenID, from shift: Int) -> UInt64 {
    if shift >= 64 { return id.word1 >> UInt64(shift - 64) }
    return shift == 0 ? id.word0 : id.word0 >> UInt64(shift) | id.word1 << UInt64(64 - shift)
  }
}
