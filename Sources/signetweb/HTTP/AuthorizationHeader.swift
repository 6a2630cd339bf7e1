/// An `Authorization` header, taken apart (RFC 9110 section 11.6.2).
enum AuthorizationHeader: Equatable, Sendable {
  /// What follows `Basic` and one space, undecoded.
  case basic([UInt8])
  /// What follows `Bearer` and one space, as it is: not trimmed, not decoded.
  case bearer([UInt8])
  case other

  /// The scheme's case does not count.
  init(_ value: [UInt8]) {
    let scheme = value.prefix { $0 != 0x20 }
    let rest = Array(value.dropFirst(scheme.count + 1))
    switch scheme.asciiLowercased {
    case "basic": self = .basic(rest)
    case "bearer": self = .bearer(rest)
    default: self = .other
    }
  }

  /// Whether a Bearer token may be in it, however oddly: after blanks, before a tab, behind other
  /// credentials of a header that was sent twice and joined with a comma.
  static func mayNameBearer(_ value: [UInt8]) -> Bool {
    let words = value.asciiLowercased.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
    return words.contains { $0.elementsEqual("bearer".utf8) }
  }

  /// The two halves of Basic credentials, form-decoded after base 64 (RFC 6749 section 2.3.1); nil
  /// when they are none.
  static func basicCredentials(_ encoded: [UInt8]) -> (user: [UInt8], password: [UInt8])? {
    guard let plain = Base64.decoded(encoded),
      let colon = plain.firstIndex(of: UInt8(ascii: ":")),
      let user = FormDecoding.decoded(plain[..<colon]),
      let password = FormDecoding.decoded(plain[(colon + 1)...]), !user.isEmpty
    else { return nil }
    return (user, password)
  }
}
