/// Writes one JSON object, member by member (RFC 8259).
struct JSONWriter: Equatable, Sendable {
  private var members: [[UInt8]] = []

  /// The object's text.
  var bytes: [UInt8] {
    Array("{".utf8) + Array(members.joined(separator: ",".utf8)) + Array("}\n".utf8)
  }

  mutating func add(_ name: StaticString, _ text: [UInt8]) { put(name, Self.quoted(text)) }
  mutating func add(_ name: StaticString, _ text: String) { add(name, Array(text.utf8)) }
  mutating func add(_ name: StaticString, _ number: UInt64) { put(name, Array("\(number)".utf8)) }
  mutating func add(_ name: StaticString, _ value: Bool) { put(name, Array("\(value)".utf8)) }

  mutating func add(_ name: StaticString, _ texts: [[UInt8]]) {
    put(name, Array("[".utf8) + texts.map(Self.quoted).joined(separator: ",".utf8) + "]".utf8)
  }

  mutating func add(_ name: StaticString, _ texts: [String]) {
    add(name, texts.map { Array($0.utf8) })
  }

  private mutating func put(_ name: StaticString, _ value: [UInt8]) {
    members.append(Self.quoted(name.bytes) + [UInt8(ascii: ":")] + value)
  }

  /// A string with its quotes. What is not UTF-8 becomes U+FFFD.
  static func quoted(_ text: [UInt8]) -> [UInt8] {
    let hex = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = [0x22]
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      switch byte {
      case 0x22, 0x5C: bytes += [0x5C, byte]
      case 0x0A: bytes += Array("\\n".utf8)
      case 0..<0x20, 0x7F:
        bytes += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
    return bytes
  }
}

extension WebResponse {
  /// A JSON answer that nobody keeps (RFC 6749 section 5.1).
  static func json(_ status: Int, _ object: JSONWriter) -> WebResponse {
    var response = WebResponse(
      status: status, contentType: "application/json", body: object.bytes)
    response.set("Cache-Control", "no-store")
    response.set("Pragma", "no-cache")
    response.set("X-Content-Type-Options", "nosniff")
    return response
  }
}
