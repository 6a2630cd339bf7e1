internal import LinuxIO

/// The configuration file. One `key = value` a line; `#` begins a comment at the start of a line or
/// after a blank; blanks around key and value do not count.
enum WebSettingsFile {
  /// The largest file that is read.
  static let byteCountMax = 65_536

  /// Reads a file that only root or the program's own user can have written.
  static func read(_ path: String) throws(WebConfigurationError) -> [WebSetting] {
    try settings(in: try bytes(of: path), name: path)
  }

  /// The settings of these bytes, in order.
  static func settings(
    in bytes: [UInt8], name: String
  ) throws(WebConfigurationError) -> [WebSetting] {
    if bytes.count > byteCountMax {
      throw WebConfigurationError(
        name, "the file is larger than \(byteCountMax) bytes", "is this the configuration file?")
    }
    var found: [WebSetting] = []
    var line = 0
    for text in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      line += 1
      if let setting = try setting(text, "\(name):\(line)") { found.append(setting) }
    }
    return found
  }

  private static func setting(
    _ text: ArraySlice<UInt8>, _ place: String
  ) throws(WebConfigurationError) -> WebSetting? {
    let line = trimmed(withoutComment(text))
    if line.isEmpty { return nil }
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
      throw WebConfigurationError(
        place, "\(quoted(line)) is not key = value", "add \"=\" or begin with #")
    }
    let name = trimmed(line[..<equals])
    guard let key = WebKey(name: name) else {
      throw WebConfigurationError(
        place, "unknown key \(quoted(name))",
        suggestion(for: name, among: WebKey.allCases.map(\.rawValue))
          ?? "signetweb --help lists the keys")
    }
    return try WebSetting(key, trimmed(line[(equals + 1)...]), place)
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

  /// The file is followed through links, as operators keep such files elsewhere.
  private static func bytes(of path: String) throws(WebConfigurationError) -> [UInt8] {
    do {
      let file = try File.open(path: try FileSystem.realPath(path), .read)
      let status = try file.status(path: path)
      guard status.kind == .regular else {
        throw WebConfigurationError(path, "not a plain file", "name a plain file")
      }
      let own = CurrentProcess.effectiveUserID
      guard status.ownerID == 0 || status.ownerID == own else {
        throw WebConfigurationError(
          path, "the file belongs to uid \(status.ownerID)", "chown it to root or to uid \(own)")
      }
      guard status.modeBits & 0o022 == 0 else {
        throw WebConfigurationError(
          path, "mode 0\(String(status.modeBits & 0o7777, radix: 8)) lets others write the file",
          "chmod go-w it")
      }
      return try file.read(byteCount: byteCountMax + 1, at: 0, path: path)
    } catch let error as WebConfigurationError {
      throw error
    } catch {
      throw WebConfigurationError(
        path, "cannot be read: \(error)", "check the path given with --config")
    }
  }
}
