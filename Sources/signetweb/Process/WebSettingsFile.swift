internal import LinuxIO

/// The configuration file: its lines to settings. `SettingsReader` says what a line is.
enum WebSettingsFile {
  /// Reads a file that only root or the program's own user can have written.
  static func read(_ path: String) throws(WebConfigurationError) -> [WebSetting] {
    let bytes: [UInt8]
    do throws(SettingsFault) {
      bytes = try SettingsReader.bytes(of: path)
    } catch {
      throw WebConfigurationError(error, file: path)
    }
    return try settings(in: bytes, name: path)
  }

  /// The settings of these bytes, in order.
  static func settings(
    in bytes: [UInt8], name: String
  ) throws(WebConfigurationError) -> [WebSetting] {
    do throws(SettingsFault) {
      return try settings(in: bytes, name)
    } catch {
      throw WebConfigurationError(error, file: name)
    }
  }

  private static func settings(
    in bytes: [UInt8], _ name: String
  ) throws(SettingsFault) -> [WebSetting] {
    var found: [WebSetting] = []
    var reader = SettingsReader(bytes)
    while let line = try reader.next() {
      guard let key = WebKey(name: line.name) else {
        throw .unknownKey(
          line, program: "signetweb", flags: WebFlags.flagOnly,
          suggestion: suggestion(for: line.name, among: WebKey.allCases.map(\.rawValue)))
      }
      found.append(
        WebSetting(
          key: key, value: try line.text(key: key.rawValue), place: "\(name):\(line.number)"))
    }
    return found
  }
}
