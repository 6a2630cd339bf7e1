/// Base-62 digits: `0-9` then `A-Z` then `a-z` in order of value, most significant first, always
/// at full width. Sixty-four bits take 11 digits, thirty-two take 6, sixteen take 3.
///
/// Decoding gathers instead of branching: `seen` is the OR of every digit value read, and carries
/// `outside` if any byte was not a digit; the caller looks once, after all digits.
enum Base62 {
  static let wordDigits = 11
  static let checksumDigits = 6
  static let keyDigits = 3

  /// The bit that no digit value has (the largest is 61) and every other byte maps to.
  static let outside: UInt64 = 64

  private static let sixDigits: UInt64 = 56_800_235_584  // 62 to the sixth

  /// The value of each of 256 bytes. A literal, because a literal lies in read-only data and needs
  /// no first-use check on the way to it; every value is below 128, so the bytes are ASCII text.
  /// `@` is 64, `outside`.
  private static var values: StaticString {
    """
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
    \u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}@@@@@@@\
    \u{A}\u{B}\u{C}\u{D}\u{E}\u{F}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\
    \u{17}\u{18}\u{19}\u{1A}\u{1B}\u{1C}\u{1D}\u{1E}\u{1F} !"#@@@@@@\
    $%&'()*+,-./0123456789:;<=@@@@@\
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
    """
  }

  private static var alphabet: StaticString {
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  }

  /// The number that `count` (at most 10) digits at `base` write.
  ///
  /// Invariant: `count` bytes at `base` are readable; the table has an entry for every byte.
  @inline(__always)
  static func number(
    _ base: UnsafeRawPointer, count: Int, seen: inout UInt64
  ) -> UInt64 {
    let table = unsafe values.utf8Start
    var sum: UInt64 = 0
    for index in 0..<count {
      let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
      let digit = unsafe UInt64(table[Int(byte)])
      seen |= digit
      sum = sum &* 62 &+ digit
    }
    return sum
  }

  /// The 64-bit word that 11 digits at `base` write; `overflowed` becomes true if they write 2^64
  /// or more. Two short chains instead of one long one, so that the processor overlaps them.
  ///
  /// Invariant: 11 bytes at `base` are readable.
  @inline(__always)
  static func word(
    _ base: UnsafeRawPointer, seen: inout UInt64, overflowed: inout Bool
  ) -> UInt64 {
    let high = unsafe number(base, count: 5, seen: &seen)
    let low = unsafe number(base + 5, count: 6, seen: &seen)
    let (product, tooHigh) = high.multipliedReportingOverflow(by: sixDigits)
    let (sum, carried) = product.addingReportingOverflow(low)
    overflowed = overflowed || tooHigh || carried
    return sum
  }

  /// Writes `value` as `count` digits at `base`; the digits that do not fit are dropped, so
  /// `value` must be below 62 to the power `count`.
  ///
  /// Invariant: `count` bytes at `base` are writable.
  @inline(__always)
  static func write(_ value: UInt64, count: Int, to base: UnsafeMutableRawPointer) {
    let digits = unsafe alphabet.utf8Start
    var rest = value
    var index = count
    while index > 0 {
      index &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 62)
      unsafe base.storeBytes(of: digits[Int(digit)], toByteOffset: index, as: UInt8.self)
      rest = quotient
    }
  }
}
