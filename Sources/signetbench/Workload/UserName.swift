/// The user ids of a run: `u` and seven digits, so that a client compares one word.
enum UserName {
  /// The largest number that has a name.
  static let limit = 9_999_999
  static let byteCount = 8

  /// The eight bytes as a little-endian word.
  @inline(__always)
  static func word(_ number: UInt32) -> UInt64 {
    var rest = number
    var word: UInt64 = 0
    for _ in 0..<7 {
      word = word << 8 | UInt64(0x30 + rest % 10)
      rest /= 10
    }
    return word << 8 | UInt64(UInt8(ascii: "u"))
  }

  static func bytes(_ number: UInt32) -> [UInt8] {
    let word = word(number)
    return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
