/// Base64url without padding (RFC 4648, 5): bytes in hidden fields.
enum Base64URL {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count * 4 + 2) / 3)
    var held: UInt32 = 0
    var heldBits = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      heldBits += 8
      while heldBits >= 6 {
        heldBits -= 6
        output.append(digits[Int(held >> UInt32(heldBits) & 63)])
      }
    }
    if heldBits > 0 { output.append(digits[Int(held << UInt32(6 - heldBits) & 63)]) }
    return output
  }

  /// Nil for what `encode` writes never: other characters, a single last digit, unused bits that
  /// are not zero.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(text.count * 3 / 4)
    var held: UInt32 = 0
    var heldBits = 0
    for character in text {
      guard let digit = value(character) else { return nil }
      held = held << 6 | digit
      heldBits += 6
      if heldBits >= 8 {
        heldBits -= 8
        output.append(UInt8(truncatingIfNeeded: held >> UInt32(heldBits)))
      }
    }
    guard held & ((1 << UInt32(heldBits)) - 1) == 0 else { return nil }
    return output
  }

  private static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character - 0x41)
    case 0x61...0x7A: UInt32(character - 0x61 + 26)
    case 0x30...0x39: UInt32(character - 0x30 + 52)
    case 0x2D: 62
    case 0x5F: 63
    default: nil
    }
  }
}
