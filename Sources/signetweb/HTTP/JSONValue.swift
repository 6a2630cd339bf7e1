/// A JSON text, read strictly (RFC 8259): UTF-8, no member twice, bounded depth and size. Numbers
/// are only passed over, since nothing here needs one.
indirect enum JSONValue: Equatable, Sendable {
  case null, number
  case bool(Bool)
  case string([UInt8])
  case array([JSONValue])
  case object([[UInt8]: JSONValue])

  /// The text is no JSON, or more of it than is taken.
  struct Fault: Error, Equatable {
    let message: String
  }

  /// Reads a whole text.
  init(_ text: [UInt8]) throws(Fault) {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw Fault(message: "the body is not UTF-8")
    }
    var reader = JSONReader(text: text)
    self = try reader.whole()
  }

  /// A member of an object; nil when absent or when this is no object.
  func member(_ name: StaticString) -> JSONValue? {
    if case .object(let members) = self { members[name.bytes] } else { nil }
  }
}

/// A cursor over a JSON text.
private struct JSONReader {
  typealias Fault = JSONValue.Fault

  let text: [UInt8]
  var place = 0
  var elements = 0

  mutating func whole() throws(Fault) -> JSONValue {
    let value = try value(depth: 0)
    skipBlanks()
    if place != text.count { throw Fault(message: "something follows the JSON text") }
    return value
  }

  private mutating func value(depth: Int) throws(Fault) -> JSONValue {
    elements += 1
    guard depth <= WebLimits.jsonDepth, elements <= WebLimits.jsonElements else {
      throw Fault(message: "the JSON text is too deep or too long")
    }
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case 0x22: return .string(try string())
    case UInt8(ascii: "-")?: return try number()
    case let digit? where (0x30...0x39).contains(digit): return try number()
    default:
      for (word, value) in [
        ("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null),
      ]
      where text[place...].starts(with: word.utf8) {
        place += word.utf8.count
        return value
      }
      throw Fault(message: "the body is no JSON text")
    }
  }

  private mutating func object(_ depth: Int) throws(Fault) -> JSONValue {
    var members: [[UInt8]: JSONValue] = [:]
    place += 1
    if takes(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      let name = try string()
      if members[name] != nil { throw Fault(message: "a member is there twice") }
      guard takes(UInt8(ascii: ":")) else { throw Fault(message: "a colon is missing") }
      members[name] = try value(depth: depth + 1)
    } while takes(UInt8(ascii: ","))
    guard takes(UInt8(ascii: "}")) else { throw Fault(message: "an object has no end") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(Fault) -> JSONValue {
    var values: [JSONValue] = []
    place += 1
    if takes(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while takes(UInt8(ascii: ","))
    guard takes(UInt8(ascii: "]")) else { throw Fault(message: "an array has no end") }
    return .array(values)
  }

  private mutating func number() throws(Fault) -> JSONValue {
    if peek == UInt8(ascii: "-") { place += 1 }
    let whole = digits()
    if whole == 0 || whole > 1 && text[place - whole] == 0x30 {
      throw Fault(message: "a number is badly formed")
    }
    if peek == UInt8(ascii: ".") {
      place += 1
      if digits() == 0 { throw Fault(message: "a number is badly formed") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      place += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { place += 1 }
      if digits() == 0 { throw Fault(message: "a number is badly formed") }
    }
    return .number
  }

  private mutating func digits() -> Int {
    let start = place
    while let byte = peek, (0x30...0x39).contains(byte) { place += 1 }
    return place - start
  }

  private mutating func string() throws(Fault) -> [UInt8] {
    guard peek == 0x22 else { throw Fault(message: "a string is missing") }
    place += 1
    var bytes: [UInt8] = []
    while let byte = peek {
      place += 1
      switch byte {
      case 0x22: return bytes
      case 0x5C: bytes += try escape()
      case 0..<0x20: throw Fault(message: "a string holds a control character")
      default: bytes.append(byte)
      }
    }
    throw Fault(message: "a string has no end")
  }

  private mutating func escape() throws(Fault) -> [UInt8] {
    let letter = peek
    place += 1
    switch letter {
    case let plain? where [0x22, 0x5C, UInt8(ascii: "/")].contains(plain): return [plain]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try scalar()
    default: throw Fault(message: "a string holds a bad escape")
    }
  }

  /// `XXXX`, or the rest of a pair of surrogates.
  private mutating func scalar() throws(Fault) -> [UInt8] {
    var code = try unit()
    if (0xD800...0xDBFF).contains(code) {
      guard text[place...].starts(with: "\\u".utf8) else {
        throw Fault(message: "half a pair of surrogates")
      }
      place += 2
      let low = try unit()
      guard (0xDC00...0xDFFF).contains(low) else {
        throw Fault(message: "half a pair of surrogates")
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw Fault(message: "half a pair of surrogates")
    }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func unit() throws(Fault) -> UInt32 {
    guard text.count - place >= 4 else { throw Fault(message: "a string holds a bad escape") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = FormDecoding.hexValue(text[place]) else {
        throw Fault(message: "a string holds a bad escape")
      }
      code = code << 4 | UInt32(digit)
      place += 1
    }
    return code
  }

  private var peek: UInt8? { place < text.count ? text[place] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      place += 1
    }
  }

  /// Takes one byte behind blanks, if it is this.
  private mutating func takes(_ byte: UInt8) -> Bool {
    skipBlanks()
    if peek != byte { return false }
    place += 1
    return true
  }
}
