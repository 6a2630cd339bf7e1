internal import LinuxIO
internal import TokenWire

/// Times, durations and keys as people write them.
enum Quantities {
  /// `90`, `90s`, `30m`, `2h`, `30d`: seconds.
  static func seconds(_ text: String, _ what: String) throws(CommandError) -> UInt32 {
    let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text : String(text.dropLast())
    let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if isNumber, let number = UInt64(digits) {
      let (product, overflowed) = number.multipliedReportingOverflow(by: unit ?? 1)
      if !overflowed, let seconds = UInt32(exactly: product) { return seconds }
    }
    throw .usage("\(what) takes a duration such as 90s, 30m, 2h or 30d, not '\(text)'")
  }

  /// `now`, Unix milliseconds, or `2026-11-24` with or without `T14:22:49Z`; milliseconds, 0 for
  /// now.
  static func time(_ text: String) throws(CommandError) -> UInt64 {
    if text == "now" { return 0 }
    if let millis = isoMillis(Array(text.utf8)) { return millis }
    // Seconds where milliseconds are meant would lie in January 1970.
    if let millis = UInt64(text), millis >= 100_000_000_000 { return millis }
    throw .usage(
      "'\(text)' is no time", hint: "write now, 2026-11-24T14:22:49Z or Unix milliseconds")
  }

  private static func isoMillis(_ text: [UInt8]) -> UInt64? {
    let form = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
    guard text.count == 20 || text.count == 10 else { return nil }
    for (byte, expected) in zip(text, form) {
      let isDigit = (0x30...0x39).contains(byte)
      guard expected == UInt8(ascii: "d") ? isDigit : byte == expected else { return nil }
    }
    func number(_ range: Range<Int>) -> Int64 {
      text.count < range.upperBound ? 0 : text[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
    guard year >= 1970, (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
    else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    // The 31st of a month that has none comes back as another day.
    guard civilDate(daysSince1970: days) == (year, month, day) else { return nil }
    return UInt64(days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000
  }

  /// The idempotency key that 32 hex digits spell.
  static func key(_ text: String) throws(CommandError) -> Bytes16 {
    let isHex = text.utf8.count == 32 && text.utf8.allSatisfy { Character(.init($0)).isHexDigit }
    let digits = Array(text)
    let bytes =
      isHex
      ? stride(from: 0, to: 32, by: 2).compactMap {
        UInt8(String(digits[$0..<$0 + 2]), radix: 16)
      } : []
    guard let key = Bytes16(bytes), !key.isZero else {
      throw .usage("--idempotency-key takes 32 hex digits, not all zero")
    }
    return key
  }
}
