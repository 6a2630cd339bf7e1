/// The command line, taken apart: what to do, which file to read, which settings it names itself.
public struct LaunchFlags: Equatable, Sendable {
  /// What the daemon is asked to do.
  public enum Action: Equatable, Sendable {
    case run, checkConfiguration, showHelp, showVersion
    /// On a data directory that no daemon uses; nothing is served afterwards.
    case verify, salvage, restore
  }

  public var action = Action.run
  /// The file of `--config`.
  public var configurationFile: String?
  /// The directory of `--embedded`.
  public var embeddedDirectory: String?
  /// Start although the clock stands before the journal's last entry.
  public var acceptsEarlierClock = false
  /// What belongs to `verify` and `restore`.
  public var maintenance = MaintenanceFlags()
  /// Settings given as flags, in order.
  public var assignments: [Assignment] = []

  /// Flags that are no keys of the file.
  static let flagOnly =
    ["config", "embedded", "check-config", "accept-earlier-clock", "help", "version"]
    + MaintenanceFlags.names

  /// Reads the arguments after the program's name: `--name value`, `--name=value`. `--help` and
  /// `--version` win over everything else, also over mistakes elsewhere.
  public init(_ arguments: [String]) throws(ConfigurationError) {
    if arguments.contains("--help") {
      action = .showHelp
    } else if arguments.contains("--version") {
      action = .showVersion
    } else {
      var rest = arguments[...]
      while let argument = rest.popFirst() { try take(argument, &rest) }
      try checkMaintenance()
    }
  }

  private mutating func take(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws(ConfigurationError) {
    guard argument.utf8.starts(with: "--".utf8) else {
      throw ConfigurationError(
        .badSyntax, .flag(argument), "not a flag",
        "flags begin with -- (signetd --help lists them)")
    }
    let parts = argument.utf8.dropFirst(2).split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    let attached = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil
    let origin = SettingOrigin.flag("--\(name)")
    switch name {
    case "check-config":
      if attached != nil { throw surplusValue(origin) }
      try act(.checkConfiguration, origin)
    case "accept-earlier-clock":
      if attached != nil { throw surplusValue(origin) }
      try once(!acceptsEarlierClock, origin)
      acceptsEarlierClock = true
    case "config":
      try once(configurationFile == nil, origin)
      configurationFile = try path(value(attached, &rest, origin), origin)
    case "embedded":
      try once(embeddedDirectory == nil, origin)
      embeddedDirectory = try path(value(attached, &rest, origin), origin)
    default:
      if try takeMaintenance(name, attached, &rest) { return }
      guard let key = ConfigurationKey(name: parts[0]) else { throw unknownFlag(parts[0]) }
      let text = try value(attached, &rest, origin)
      assignments.append(try checkedAssignment(key, text.utf8, origin))
    }
  }

  func value(
    _ attached: String?, _ rest: inout ArraySlice<String>, _ origin: SettingOrigin
  ) throws(ConfigurationError) -> String {
    if let attached { return attached }
    // A flag in the place of a value is a forgotten value far more often than a value.
    if let next = rest.first, !next.utf8.starts(with: "--".utf8) { return rest.removeFirst() }
    throw ConfigurationError(
      .badSyntax, origin, "the value is missing", "write \(origin) VALUE or \(origin)=VALUE")
  }

  func path(_ text: String, _ origin: SettingOrigin) throws(ConfigurationError) -> String {
    let value = try checkedAssignment(.dataDirectory, text.utf8, origin)
    return try absolutePath(value.value, value)
  }

  func once(_ isFirst: Bool, _ origin: SettingOrigin) throws(ConfigurationError) {
    if !isFirst {
      throw ConfigurationError(.duplicate, origin, "given twice", "keep one")
    }
  }

  func surplusValue(_ origin: SettingOrigin) -> ConfigurationError {
    ConfigurationError(.badSyntax, origin, "takes no value", "leave out what follows =")
  }

  private func unknownFlag(_ name: some Collection<UInt8>) -> ConfigurationError {
    let known = ConfigurationKey.allCases.map(\.rawValue) + Self.flagOnly
    return ConfigurationError(
      .unknownKey, .flag("--" + quoted(name).dropFirst().dropLast()), "unknown flag",
      suggestion(for: name, among: known, prefix: "--") ?? "signetd --help lists the flags")
  }
}
