internal import TokenWire

/// Makes a configuration out of assignments: file, flags and what the machine says. A pure
/// function: it opens no file and asks for no user's number.
public struct ConfigurationReader {
  var configuration: ServerConfiguration
  var given: [ConfigurationKey: Assignment] = [:]
  var acceptsDataLoss = false

  /// Reads everything. `file` holds the bytes of the file that `flags` names (nil when it names
  /// none), `coreCount` is the default number of workers.
  public static func read(
    flags: LaunchFlags, file: [UInt8]?, coreCount: Int
  ) throws(ConfigurationError) -> ServerConfiguration {
    var reader = ConfigurationReader(coreCount: coreCount)
    let fileName = flags.configurationFile ?? ""
    let fromFile = try file.map { bytes throws(ConfigurationError) in
      try ConfigurationFile.assignments(in: bytes, name: fileName)
    }
    try reader.embed(flags)
    try reader.apply(file: fromFile ?? [], flags: flags.assignments)
    reader.configuration.acceptsEarlierClock = flags.acceptsEarlierClock
    try reader.checkPresence()
    try reader.checkRelations()
    return reader.configuration
  }

  private init(coreCount: Int) {
    configuration = ServerConfiguration(
      dataDirectory: "", rootKeyFile: "", listeners: [], adminListener: nil, allowRules: [],
      durability: .durable, backupDirectory: nil, logLevel: .info,
      limits: ServerLimits(workers: coreCount), embeddedDirectory: nil)
  }

  /// Puts in what `--embedded DIR` stands for.
  private mutating func embed(_ flags: LaunchFlags) throws(ConfigurationError) {
    guard let directory = flags.embeddedDirectory else { return }
    let origin = SettingOrigin.flag("--embedded")
    if flags.configurationFile != nil {
      throw ConfigurationError(
        .conflict, origin, "excludes --config", "use one of the two")
    }
    if directory.utf8.contains(where: { $0 == 0x20 || $0 == 0x09 }) {
      throw ConfigurationError(
        .badValue, origin, "\(quoted(directory)) has a blank in it",
        "choose another directory: a socket's line ends its path at a blank")
    }
    let socket = "\(directory)/run/signet.sock"
    if socket.utf8.count > ListenerConfiguration.pathBytesMax {
      throw ConfigurationError(
        .badValue, origin, "the socket path \(quoted(socket)) is too long",
        "choose a directory with at most \(ListenerConfiguration.pathBytesMax - 16) bytes")
    }
    configuration.embeddedDirectory = directory
    configuration.dataDirectory = "\(directory)/data"
    configuration.rootKeyFile = "\(directory)/root.key"
    configuration.backupDirectory = "\(directory)/backup"
    configuration.listeners = [ListenerConfiguration(path: socket, mode: 0o600, rights: .all)]
    configuration.adminListener = ListenerConfiguration(
      path: "\(directory)/run/admin.sock", mode: 0o600, rights: .all, isAdmin: true)
  }

  private mutating func apply(
    file: [Assignment], flags: [Assignment]
  ) throws(ConfigurationError) {
    let named = Set(flags.map(\.key))
    // The file's mistakes count also where a flag wins: a broken line is not to surface later.
    var overridden = self
    for assignment in file {
      if named.contains(assignment.key) {
        try overridden.take(assignment)
      } else {
        try take(assignment)
      }
    }
    for assignment in flags { try take(assignment) }
  }

  private mutating func take(_ assignment: Assignment) throws(ConfigurationError) {
    if let earlier = given[assignment.key], !assignment.key.isRepeatable {
      throw ConfigurationError(
        .duplicate, assignment.origin,
        "\(assignment.key.rawValue) is given twice (first at \(earlier.origin))", "keep one")
    }
    given[assignment.key] = assignment
    try refuseIfEmbedded(assignment)
    switch assignment.key {
    case .dataDirectory: configuration.dataDirectory = try path(assignment)
    case .rootKeyFile: configuration.rootKeyFile = try path(assignment)
    case .backupDirectory: configuration.backupDirectory = try path(assignment)
    case .listen: configuration.listeners.append(try ListenerConfiguration.read(assignment))
    case .adminSocket:
      configuration.adminListener = try ListenerConfiguration.read(assignment)
    case .allow: configuration.allowRules.append(try AllowRule.read(assignment))
    case .durability: try takeDurability(assignment)
    case .acceptDataLoss: acceptsDataLoss = try isYes(assignment)
    case .logLevel: configuration.logLevel = try logLevel(assignment)
    default: try takeNumber(assignment)
    }
  }
}
