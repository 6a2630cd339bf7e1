/// The parameters of a request: name-value pairs as FastCGI encodes them (section 3.4).
struct ParameterList: Sendable {
  /// One pair, as it came.
  struct Entry: Equatable, Sendable {
    let name: [UInt8]
    let value: [UInt8]
  }

  /// The stream does not divide into pairs, or into too many.
  struct Fault: Error, Equatable {
    let message: String
  }

  let entries: [Entry]

  /// Decodes a whole stream of parameters.
  init(_ bytes: [UInt8]) throws(Fault) {
    var entries: [Entry] = []
    var place = 0
    while place < bytes.count {
      if entries.count == WebLimits.parameterCount {
        throw Fault(message: "more than \(WebLimits.parameterCount) parameters")
      }
      let nameCount = try Self.length(bytes, &place)
      let valueCount = try Self.length(bytes, &place)
      guard nameCount <= bytes.count - place, valueCount <= bytes.count - place - nameCount else {
        throw Fault(message: "a parameter reaches beyond the end")
      }
      let value = place + nameCount
      entries.append(
        Entry(
          name: Array(bytes[place..<value]), value: Array(bytes[value..<value + valueCount])))
      place = value + valueCount
    }
    self.entries = entries
  }

  /// A length of one byte, or of four when its first bit is set.
  private static func length(_ bytes: [UInt8], _ place: inout Int) throws(Fault) -> Int {
    guard place < bytes.count else { throw Fault(message: "a length is cut off") }
    let first = bytes[place]
    if first < 0x80 {
      place += 1
      return Int(first)
    }
    guard bytes.count - place >= 4 else { throw Fault(message: "a length is cut off") }
    defer { place += 4 }
    return Int(first & 0x7F) << 24 | Int(bytes[place + 1]) << 16 | Int(bytes[place + 2]) << 8
      | Int(bytes[place + 3])
  }

  /// The value of a parameter; nil when it is not there. One that is there twice is a fault:
  /// which of the two another program would take is anybody's guess.
  func one(_ name: [UInt8]) throws(Fault) -> [UInt8]? {
    var found: [UInt8]?
    for entry in entries where entry.name == name {
      if found != nil {
        throw Fault(message: "\(String(decoding: name, as: UTF8.self)) is there twice")
      }
      found = entry.value
    }
    return found
  }

  func one(_ name: StaticString) throws(Fault) -> [UInt8]? { try one(name.bytes) }
}
