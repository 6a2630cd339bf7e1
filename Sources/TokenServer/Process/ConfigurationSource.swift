internal import LinuxIO

/// Reads the configuration from the disk; judging it is `ConfigurationReader`'s.
enum ConfigurationSource {
  /// The configuration of these flags. A file that others could have written is refused.
  static func read(_ flags: LaunchFlags) throws(ConfigurationError) -> ServerConfiguration {
    var bytes: [UInt8]?
    if let path = flags.configurationFile { bytes = try file(path) }
    return try ConfigurationReader.read(
      flags: flags, file: bytes, coreCount: SystemThread.processorCount())
  }

  private static func file(_ path: String) throws(ConfigurationError) -> [UInt8] {
    do throws(SettingsFault) {
      return try SettingsReader.bytes(of: path)
    } catch {
      throw ConfigurationError(error, file: path)
    }
  }
}
