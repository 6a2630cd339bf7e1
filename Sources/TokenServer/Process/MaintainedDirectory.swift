internal import LinuxIO
internal import TokenCrypto
internal import TokenStorage

/// The configured data directory, held by this process, and its root key, which is there.
struct MaintainedDirectory: ~Copyable {
  let disk: LinuxDisk
  let root: RootKey
  private let held: DataDirectory
  private let options: JournalOptions

  /// Takes hold of it; makes it where it is missing.
  static func open(
    _ configuration: ServerConfiguration
  ) throws(StartError) -> MaintainedDirectory {
    if configuration.durability == .volatile {
      throw StartError(.usage, "durability = volatile keeps nothing that could be worked on")
    }
    if let directory = configuration.embeddedDirectory {
      try EmbeddedDirectory.prepare(path: directory)
    }
    guard let root = try Verification.rootKey(configuration.rootKeyFile) else {
      throw StartError(
        .rootKeyMissing,
        "root key file: \(configuration.rootKeyFile) is missing; put it back from your copy of it: "
          + "with another key nothing can be read")
    }
    return MaintainedDirectory(
      disk: LinuxDisk(path: configuration.dataDirectory), root: root,
      held: try DataDirectory(path: configuration.dataDirectory),
      options: JournalSettings(configuration).options)
  }

  private init(
    disk: LinuxDisk, root: RootKey, held: consuming DataDirectory, options: JournalOptions
  ) {
    self.disk = disk
    self.root = root
    self.held = held
    self.options = options
  }

  /// Goes on with a salvage or restore that was cut short. False where there is none.
  func finish(_ replacement: Replacement) throws(StartError) -> Bool {
    do throws(ReplacementError) {
      return try replacement.finish()
    } catch {
      throw self.error(error)
    }
  }

  /// Puts the state in the place of what is there.
  /// - Returns: the directory that the old files are in; nil where there were none.
  func replace(
    _ replacement: Replacement, with service: ServiceAtRest, nowMillis: UInt64
  ) throws(StartError) -> String? {
    do throws(ReplacementError) {
      return try service.replace(replacement, options, nowMillis: nowMillis)
    } catch {
      throw self.error(error)
    }
  }

  func error(_ refusal: RecoveryRefusal) -> StartError {
    StartError(ExitCode(refusal), "\(disk.path)/\(refusal)")
  }

  private func error(_ error: ReplacementError) -> StartError {
    switch error {
    case .refused(let refusal): self.error(refusal)
    case .failed, .snapshot: StartError(.journalFailed, "data directory \(disk.path): \(error)")
    }
  }
}
