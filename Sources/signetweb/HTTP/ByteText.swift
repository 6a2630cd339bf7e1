// Protocol text is bytes and is compared as bytes: Swift's String calls canonically equivalent
// texts equal, which another program on the way does not.

extension StaticString {
  /// Its UTF-8.
  var bytes: [UInt8] { withUTF8Buffer { unsafe Array($0) } }
}

/// Lets `switch bytes { case "name": ... }` compare bytes.
func ~= (pattern: StaticString, bytes: [UInt8]) -> Bool { bytes == pattern.bytes }

extension Sequence<UInt8> {
  /// The same bytes with A...Z as a...z.
  var asciiLowercased: [UInt8] { map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
}

extension [UInt8] {
  /// Whether these bytes are well-formed UTF-8. Allocates.
  var isUTF8: Bool { String(validating: self, as: UTF8.self) != nil }
}
