/// What the flags of work on a data directory at rest say, beside which work it is.
public struct MaintenanceFlags: Equatable, Sendable {
  /// The directory of `--verify`: a data directory or a backup.
  public var verifiedDirectory: String?
  /// The file of `--root-key`.
  public var rootKeyFile: String?
  /// The report is wanted as JSON.
  public var wantsJSON = false
  /// The directory of `--restore`.
  public var backupDirectory: String?
  /// Tokens issued before the backup stay good.
  public var keepsTokens = false
  /// The newer data directory of `--revocations-from`.
  public var revocationsDirectory: String?

  public init() {}

  static let names = [
    "verify", "root-key", "json", "salvage", "restore", "keep-tokens", "revocations-from",
  ]
}

extension LaunchFlags {
  /// Takes a flag of this kind; false where it is none.
  mutating func takeMaintenance(
    _ name: String, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(ConfigurationError) -> Bool {
    guard MaintenanceFlags.names.contains(name) else { return false }
    let origin = SettingOrigin.flag("--\(name)")
    switch name {
    case "json", "salvage", "keep-tokens":
      if attached != nil { throw surplusValue(origin) }
    default: break
    }
    switch name {
    case "json": maintenance.wantsJSON = true
    case "keep-tokens": maintenance.keepsTokens = true
    case "salvage": try act(.salvage, origin)
    case "verify":
      try act(.verify, origin)
      maintenance.verifiedDirectory = try path(value(attached, &rest, origin), origin)
    case "restore":
      try act(.restore, origin)
      maintenance.backupDirectory = try path(value(attached, &rest, origin), origin)
    case "root-key":
      try once(maintenance.rootKeyFile == nil, origin)
      maintenance.rootKeyFile = try path(value(attached, &rest, origin), origin)
    default:
      try once(maintenance.revocationsDirectory == nil, origin)
      maintenance.revocationsDirectory = try path(value(attached, &rest, origin), origin)
    }
    return true
  }

  /// Notes what is to be done; one thing only.
  mutating func act(_ wanted: Action, _ origin: SettingOrigin) throws(ConfigurationError) {
    guard action == .run else {
      throw ConfigurationError(
        .conflict, origin, "one of --check-config, --verify, --salvage and --restore at a time",
        "leave the others out")
    }
    action = wanted
  }

  /// Refuses flags that belong to something that is not asked for.
  func checkMaintenance() throws(ConfigurationError) {
    let flags = maintenance
    if action == .verify {
      if configurationFile == nil && embeddedDirectory == nil && !assignments.isEmpty {
        throw ConfigurationError(
          .conflict, .flag("--verify"), "takes settings only of a whole configuration",
          "add --config FILE or --embedded DIRECTORY, or leave the settings out")
      }
    } else if flags.rootKeyFile != nil || flags.wantsJSON {
      throw ConfigurationError(
        .conflict, .flag(flags.wantsJSON ? "--json" : "--root-key"), "belongs to --verify",
        "add --verify DIRECTORY, or leave it out")
    }
    if action != .restore && (flags.keepsTokens || flags.revocationsDirectory != nil) {
      throw ConfigurationError(
        .conflict, .flag(flags.keepsTokens ? "--keep-tokens" : "--revocations-from"),
        "belongs to --restore", "add --restore DIRECTORY, or leave it out")
    }
    if flags.keepsTokens && flags.revocationsDirectory == nil {
      throw ConfigurationError(
        .missing, .flag("--keep-tokens"),
        "tokens that were revoked after the backup would be good again",
        "name the newer data directory with --revocations-from, or leave out --keep-tokens")
    }
  }
}
