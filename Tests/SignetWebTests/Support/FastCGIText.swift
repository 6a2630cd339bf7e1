@testable import signetweb

/// Records of a web server, made without the code under test.
enum FastCGIText {
  static func record(
    _ type: UInt8, _ id: UInt16, _ content: [UInt8] = [], padding: Int = 0, version: UInt8 = 1
  ) -> [UInt8] {
    [
      version, type, UInt8(id >> 8), UInt8(id & 255), UInt8(content.count >> 8),
      UInt8(content.count & 255), UInt8(padding), 0,
    ] + content + [UInt8](repeating: 0xEE, count: padding)
  }

  static func begin(_ id: UInt16, role: UInt8 = 1, keeps: Bool = true) -> [UInt8] {
    record(1, id, [0, role, keeps ? 1 : 0, 0, 0, 0, 0, 0])
  }

  static func pair(_ name: String, _ value: [UInt8]) -> [UInt8] {
    length(name.utf8.count) + length(value.count) + Array(name.utf8) + value
  }

  static func pairs(_ pairs: [(String, String)]) -> [UInt8] {
    pairs.flatMap { pair($0.0, bytes($0.1)) }
  }

  private static func length(_ count: Int) -> [UInt8] {
    count < 128
      ? [UInt8(count)]
      : [
        UInt8(0x80 | count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
        UInt8(count & 255),
      ]
  }

  /// A whole request in five records.
  static func request(
    _ id: UInt16, _ parameters: [(String, String)], _ body: [UInt8] = [], keeps: Bool = false
  ) -> [UInt8] {
    begin(id, keeps: keeps) + record(4, id, pairs(parameters), padding: 3) + record(4, id)
      + (body.isEmpty ? [] : record(5, id, body)) + record(5, id)
  }

  /// Takes records apart: type, id, content.
  static func records(_ bytes: [UInt8]) -> [(type: UInt8, id: UInt16, content: [UInt8])] {
    var found: [(type: UInt8, id: UInt16, content: [UInt8])] = []
    var rest = bytes[...]
    while rest.count >= 8 {
      let at = rest.startIndex
      let count = Int(rest[at + 4]) << 8 | Int(rest[at + 5])
      let whole = 8 + count + Int(rest[at + 6])
      guard rest.count >= whole else { break }
      found.append(
        (
          rest[at + 1], UInt16(rest[at + 2]) << 8 | UInt16(rest[at + 3]),
          Array(rest[(at + 8)..<(at + 8 + count)])
        ))
      rest = rest.dropFirst(whole)
    }
    return found
  }

  /// What a request's output records hold together.
  static func output(_ bytes: [UInt8], _ id: UInt16 = 1) -> String {
    let content = records(bytes).filter { $0.type == 6 && $0.id == id }.flatMap(\.content)
    return String(decoding: content, as: UTF8.self)
  }
}
