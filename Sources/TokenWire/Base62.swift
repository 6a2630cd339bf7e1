/// Base-62 digits: `0-9` then `A-Z` then `a-z` in order of value, most significant first, always
/// at full width. Sixty-four bits take 11 digits, thirty-two take 6, sixteen take 3.
///
/// Decoding adds up table entries, each a digit already multiplied by its place, and does not
/// branch: a byte that is no digit adds `outside`, which no sum of up to six digits reaches; the
/// caller looks once, after all fields.
enum Base62 {
  static let checksumDigits = 6
  static let keyDigits = 3

  /// What a byte that is no digit counts as. Six digits stay below 2^36, and six of these below
  /// 2^63, so a sum is `outside` or more exactly if one of its bytes was no digit.
  static let outside: UInt64 = 1 << 56

  private static let sixDigits: UInt64 = 56_800_235_584  // 62 to the sixth

  private static var alphabet: StaticString {
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  }

  /// The value of the digit `byte`, or nil if it is none.
  static func value(of byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x41...0x5A: UInt64(byte - 0x41) + 10
    case 0x61...0x7A: UInt64(byte - 0x61) + 36
    default: nil
    }
  }

  /// The number that `count` (at most 6) digits at `base` write; `seen` gathers `outside`.
  ///
  /// Invariant: `count` bytes at `base` are readable, and `table` is the six digit tables.
  @inline(__always)
  static func number(
    _ base: UnsafeRawPointer, count: Int, _ table: UnsafePointer<UInt64>, seen: inout UInt64
  ) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<count {
      let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
      sum = unsafe table[256 &* (count &- 1 &- index) &+ Int(byte)] &+ sum
    }
    seen |= sum
    return sum
  }

  /// The 64-bit word that 11 digits at `base` write; `overflowed` becomes true if they write 2^64
  /// or more. Means nothing if `seen` gathered `outside`.
  ///
  /// Invariant: 11 bytes at `base` are readable, and `table` is the six digit tables.
  @inline(__always)
  static func word(
    _ base: UnsafeRawPointer, _ table: UnsafePointer<UInt64>, seen: inout UInt64,
    overflowed: inout Bool
  ) -> UInt64 {
    let high = unsafe number(base, count: 5, table, seen: &seen)
    let low = unsafe number(base + 5, count: 6, table, seen: &seen)
    let (product, tooHigh) = high.multipliedReportingOverflow(by: sixDigits)
    let (sum, carried) = product.addingReportingOverflow(low)
    overflowed = overflowed || tooHigh || carried
    return sum
  }

  /// Writes a 64-bit word as 11 digits at `base`, in chunks of three, so that four short chains of
  /// divisions run side by side.
  ///
  /// Invariant: 11 bytes at `base` are writable.
  @inline(__always)
  static func writeWord(_ value: UInt64, to base: UnsafeMutableRawPointer) {
    let (high, low) = value.quotientAndRemainder(dividingBy: sixDigits)
    unsafe write(UInt32(high / 238_328), count: 2, to: base)
    unsafe write(UInt32(high % 238_328), count: 3, to: base + 2)
    unsafe write(UInt32(low / 238_328), count: 3, to: base + 5)
    unsafe write(UInt32(low % 238_328), count: 3, to: base + 8)
  }

  /// Writes `value` as `count` digits at `base`; digits that do not fit are dropped, so `value`
  /// must be below 62 to the power `count`.
  ///
  /// Invariant: `count` bytes at `base` are writable; remainders by 62 are indexes of the alphabet.
  @inline(__always)
  static func write(_ value: UInt32, count: Int, to base: UnsafeMutableRawPointer) {
    let digits = unsafe alphabet.utf8Start
    var rest = value
    for place in 1...count {
      unsafe base.storeBytes(
        of: digits[Int(rest % 62)], toByteOffset: count &- place, as: UInt8.self)
      rest /= 62
    }
  }
}
