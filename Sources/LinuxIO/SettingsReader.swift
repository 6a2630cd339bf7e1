/// One `key = value` of a settings file, both without surrounding blanks, not yet judged.
public struct SettingLine: Equatable, Sendable {
  /// Counted from 1.
  public let number: Int
  public let name: ArraySlice<UInt8>
  public let value: ArraySlice<UInt8>

  /// The value as `SettingText.read` gives it; the fault names this line.
  public func text(key: String) throws(SettingsFault) -> String {
    do throws(SettingsFault) {
      return try SettingText.read(value, key: key)
    } catch {
      throw SettingsFault(error.kind, line: number, error.problem, error.remedy)
    }
  }
}

/// Reads a settings file line by line.
///
/// One `key = value` a line. `#` begins a comment at the start of a line or after a blank. Blanks
/// around key and value do not count. A carriage return is a blank, so that a file with CRLF line
/// ends reads the same.
public struct SettingsReader: Sendable {
  /// The largest file that is read.
  public static let byteCountMax = 262_144

  private let bytes: [UInt8]
  private var rest: ArraySlice<UInt8>?
  private var number = 0

  /// A reader of what a file holds.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    rest = bytes[...]
  }

  /// The next line that says something; nil at the end. Throws for a line without `=`, and for a
  /// file that is too large.
  public mutating func next() throws(SettingsFault) -> SettingLine? {
    guard bytes.count <= Self.byteCountMax else {
      throw SettingsFault(
        .syntax, "the file is larger than \(Self.byteCountMax) bytes",
        "is this the configuration file?")
    }
    while let text = nextText() {
      let line = Self.trimmed(Self.withoutComment(text))
      if line.isEmpty { continue }
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
        throw SettingsFault(
          .syntax, line: number, "\(PrintableText.quoted(line)) is not key = value",
          "add \"=\" or begin with #")
      }
      return SettingLine(
        number: number, name: Self.trimmed(line[..<equals]),
        value: Self.trimmed(line[(equals + 1)...]))
    }
    return nil
  }

  /// Whether a value reads the same when it is written into a line.
  public static func keeps(_ value: [UInt8]) -> Bool {
    trimmed(withoutComment(value[...])).elementsEqual(value)
  }

  private mutating func nextText() -> ArraySlice<UInt8>? {
    guard let text = rest else { return nil }
    number += 1
    guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else {
      rest = nil
      return text
    }
    rest = text[(end + 1)...]
    return text[..<end]
  }

  private static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for index in text.indices where text[index] == UInt8(ascii: "#") {
      if index == text.startIndex || isBlank(text[index - 1]) { return text[..<index] }
    }
    return text
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return text[first...last]
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
