/// The configuration file: its bytes to assignments, and whether it may be trusted.
///
/// One `key = value` a line. `#` begins a comment at the start of a line or after a blank. Blanks
/// around key and value do not count. Bytes in, values out; reading the disk is the caller's.
public enum ConfigurationFile {
  /// The largest file that is read.
  public static let byteCountMax = 262_144

  /// The file's assignments in order. Keys are known and values are text; nothing else is checked.
  public static func assignments(
    in bytes: [UInt8], name: String
  ) throws(ConfigurationError) -> [Assignment] {
    guard bytes.count <= byteCountMax else {
      throw ConfigurationError(
        .badSyntax, .wholeFile(name: name), "the file is larger than \(byteCountMax) bytes",
        "is this the configuration file?")
    }
    var found: [Assignment] = []
    var line = 0
    for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      if let assignment = try assignment(text, .file(name: name, line: line)) {
        found.append(assignment)
      }
    }
    return found
  }

  /// Refuses a file that somebody other than the daemon's user and root could have written.
  public static func checkSafety(
    name: String, mode: UInt32, owner: UInt32, isPlainFile: Bool, ownUid: UInt32
  ) throws(ConfigurationError) {
    let origin = SettingOrigin.wholeFile(name: name)
    guard isPlainFile else {
      throw ConfigurationError(.unsafeFile, origin, "not a plain file", "name a plain file")
    }
    guard owner == 0 || owner == ownUid else {
      throw ConfigurationError(
        .unsafeFile, origin, "the file belongs to uid \(owner)",
        "chown it to root or to uid \(ownUid)")
    }
    guard mode & 0o022 == 0 else {
      throw ConfigurationError(
        .unsafeFile, origin,
        "mode 0\(String(mode & 0o7777, radix: 8)) lets others write the file", "chmod go-w it")
    }
  }

  private static func assignment(
    _ text: ArraySlice<UInt8>, _ origin: SettingOrigin
  ) throws(ConfigurationError) -> Assignment? {
    let line = trimmed(withoutComment(text))
    if line.isEmpty { return nil }
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
      throw ConfigurationError(
        .badSyntax, origin, "\(quoted(line)) is not key = value", "add \"=\" or begin with #")
    }
    let name = trimmed(line[..<equals])
    guard let key = ConfigurationKey(name: name) else { throw unknownKey(name, origin) }
    return try checkedAssignment(key, trimmed(line[(equals + 1)...]), origin)
  }

  private static func unknownKey(
    _ name: ArraySlice<UInt8>, _ origin: SettingOrigin
  ) -> ConfigurationError {
    let known = ConfigurationKey.allCases.map(\.rawValue)
    if LaunchFlags.flagOnly.contains(where: { $0.utf8.elementsEqual(name) }) {
      return ConfigurationError(
        .unknownKey, origin, "\(quoted(name)) is no key of the file",
        "give it on the command line")
    }
    return ConfigurationError(
      .unknownKey, origin, "unknown key \(quoted(name))",
      suggestion(for: name, among: known) ?? "signetd --help lists the keys")
  }

  /// Whether a value reads the same when it is written into a line.
  static func keeps(_ value: [UInt8]) -> Bool {
    trimmed(withoutComment(value[...])).elementsEqual(value)
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

  /// A carriage return counts, so that a file with CRLF line ends reads the same.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}

/// Makes an assignment out of bytes: text, not empty, no control characters.
func checkedAssignment(
  _ key: ConfigurationKey, _ value: some Collection<UInt8>, _ origin: SettingOrigin
) throws(ConfigurationError) -> Assignment {
  guard !value.isEmpty else {
    throw ConfigurationError(
      .badValue, origin, "\(key.rawValue) has no value", "give one or remove the key")
  }
  guard let text = String(validating: value, as: UTF8.self) else {
    throw ConfigurationError(
      .badValue, origin, "the value of \(key.rawValue) is not UTF-8", "save the text as UTF-8")
  }
  let hasControl = text.unicodeScalars.contains {
    ($0.value < 0x20 && $0.value != 0x09) || (0x7F..<0xA0).contains($0.value)
  }
  guard !hasControl else {
    throw ConfigurationError(
      .badValue, origin, "the value of \(key.rawValue) has a control character", "remove it")
  }
  return Assignment(key: key, value: text, origin: origin)
}
