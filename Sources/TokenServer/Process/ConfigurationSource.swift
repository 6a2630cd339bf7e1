internal import LinuxIO

/// Reads the configuration from the disk; judging it is `ConfigurationReader`'s.
enum ConfigurationSource {
  /// The configuration of these flags. The file is followed through links, as operators keep such
  /// files elsewhere, and refused when others could have written it.
  static func read(_ flags: LaunchFlags) throws(ConfigurationError) -> ServerConfiguration {
    var bytes: [UInt8]?
    if let path = flags.configurationFile { bytes = try file(path) }
    return try ConfigurationReader.read(
      flags: flags, file: bytes, coreCount: SystemThread.processorCount())
  }

  private static func file(_ path: String) throws(ConfigurationError) -> [UInt8] {
    do {
      let file = try File.open(path: try FileSystem.realPath(path), .read)
      let status = try file.status(path: path)
      try ConfigurationFile.checkSafety(
        name: path, mode: status.modeBits, owner: status.ownerID,
        isPlainFile: status.kind == .regular, ownUid: CurrentProcess.effectiveUserID)
      // One byte more than allowed, which the reader then refuses.
      return try file.read(byteCount: ConfigurationFile.byteCountMax + 1, at: 0, path: path)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(
        .unsafeFile, .wholeFile(name: path), "cannot be read: \(error)",
        "check the path given with --config")
    }
  }
}
