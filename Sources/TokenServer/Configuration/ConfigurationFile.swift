internal import LinuxIO

/// The configuration file: its lines to assignments. `SettingsReader` says what a line is. Bytes
/// in, values out; reading the disk is the caller's.
public enum ConfigurationFile {
  /// The file's assignments in order. Keys are known and values are text; nothing else is checked.
  public static func assignments(
    in bytes: [UInt8], name: String
  ) throws(ConfigurationError) -> [Assignment] {
    var found: [Assignment] = []
    do throws(SettingsFault) {
      var reader = SettingsReader(bytes)
      while let line = try reader.next() { found.append(try assignment(line, name)) }
    } catch {
      throw ConfigurationError(error, file: name)
    }
    return found
  }

  private static func assignment(
    _ line: SettingLine, _ file: String
  ) throws(SettingsFault) -> Assignment {
    guard let key = ConfigurationKey(name: line.name) else {
      throw .unknownKey(
        line, program: "signetd", flags: LaunchFlags.flagOnly,
        suggestion: suggestion(for: line.name, among: ConfigurationKey.allCases.map(\.rawValue)))
    }
    return Assignment(
      key: key, value: try line.text(key: key.rawValue),
      origin: .file(name: file, line: line.number))
  }
}

/// Makes an assignment out of a flag's bytes.
func checkedAssignment(
  _ key: ConfigurationKey, _ value: some Collection<UInt8>, _ origin: SettingOrigin
) throws(ConfigurationError) -> Assignment {
  do throws(SettingsFault) {
    let text = try SettingText.read(value, key: key.rawValue)
    return Assignment(key: key, value: text, origin: origin)
  } catch {
    throw ConfigurationError(error, origin)
  }
}
