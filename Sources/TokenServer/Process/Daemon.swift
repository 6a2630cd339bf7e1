internal import LinuxIO
public import TokenCrypto
internal import TokenWire

/// What a service is started with.
public struct ServiceSetup<Outcome: Sendable>: Sendable {
  public let configuration: ServerConfiguration
  public let rootKey: RootKey
  /// The sockets by number, for messages.
  public let listeners: ListenerTable
  /// One a worker; the lane delivers to `inboxes[address.worker]`.
  public let inboxes: [WorkerInbox<Outcome>]
  public let log: Log
}

/// Program and version for people.
public enum ServerVersion {
  public static let number = "1.0.0"
  public static let text = "signetd \(number)"
}

/// The daemon from its arguments to its exit status.
///
/// Order of start-up, each step with its own exit code: flags and file (64) · umask, no core dumps,
/// signals as events (71) · data directory and its lock (71, 73) · root key (67, 72) ·
/// descriptors and sockets (71, 73) · the service: recovery (65 to 70, 78), then the journal (75) ·
/// ready.
public enum Daemon {
  /// Starts a service: reads what the data directory holds, starts its lane, and says how
  /// workers are to speak to it.
  public typealias ServiceStart<Dispatcher: FrameDispatcher & ~Copyable> =
    (ServiceSetup<Dispatcher.Outcome>) throws(StartError) -> RunningService<Dispatcher>

  /// Runs until a signal ends it. `arguments` do not begin with the program's name.
  public static func run<Dispatcher: FrameDispatcher & ~Copyable>(
    arguments: [String], start: ServiceStart<Dispatcher>
  ) -> ExitCode {
    do throws(StartError) {
      let flags: LaunchFlags
      let configuration: ServerConfiguration?
      do throws(ConfigurationError) {
        flags = try LaunchFlags(arguments)
        configuration = try self.configuration(flags)
      } catch {
        throw StartError(.usage, error.description)
      }
      if let code = try Maintenance.run(flags, configuration) { return code }
      guard let configuration else { return .ok }
      return try serve(configuration, start)
    } catch {
      Log(level: .error).error(error.message)
      return error.code
    }
  }

  /// The configuration to run with; nil when the flags asked for a text, which is then printed.
  private static func configuration(
    _ flags: LaunchFlags
  ) throws(ConfigurationError) -> ServerConfiguration? {
    switch flags.action {
    case .showHelp: show(Usage.text)
    case .showVersion: show(ServerVersion.text + "\n")
    case .verify where flags.configurationFile == nil && flags.embeddedDirectory == nil: break
    case .run, .verify, .salvage, .restore: return try ConfigurationSource.read(flags)
    case .checkConfiguration:
      let configuration = try ConfigurationSource.read(flags)
      _ = try rights(configuration)
      show("configuration ok\n" + configuration.text)
    }
    return nil
  }

  private static func show(_ text: String) {
    // Nobody reads it: nothing to report to.
    try? StandardStream.output.write(text)
  }

  private static func serve<Dispatcher: FrameDispatcher & ~Copyable>(
    _ configuration: ServerConfiguration, _ start: ServiceStart<Dispatcher>
  ) throws(StartError) -> ExitCode {
    let log = Log(level: configuration.logLevel)
    let signals = try confine()
    if let directory = configuration.embeddedDirectory {
      try EmbeddedDirectory.prepare(path: directory)
    }
    let dataDirectory = try DataDirectory(path: configuration.dataDirectory)
    // Held to the end: the lock goes when the process does, or with this value.
    defer { log.debug("giving up \(dataDirectory.lockPath)") }
    try JournalStart.refuseWithoutRootKey(configuration)
    let rootKey = try RootKeyFile.open(
      path: configuration.rootKeyFile,
      outside: [configuration.dataDirectory] + (configuration.backupDirectory.map { [$0] } ?? []))
    if rootKey.isNew { log.info("made a new root key in \(configuration.rootKeyFile)") }
    let limits = try fit(configuration.limits, log)
    let table: RightsTable
    do throws(ConfigurationError) {
      table = try rights(configuration)
    } catch {
      throw StartError(.usage, error.description)
    }
    var sockets: [ServerSocket] = []
    for listener in configuration.allListeners {
      sockets.append(try ServerSocket(listener, groupNumber: groupNumber))
    }
    let inboxes = try system { () throws(SystemError) in
      var inboxes: [WorkerInbox<Dispatcher.Outcome>] = []
      for _ in 0..<limits.workers { inboxes.append(try WorkerInbox()) }
      return inboxes
    }
    let service = try start(
      ServiceSetup(
        configuration: configuration, rootKey: rootKey.key,
        listeners: ListenerTable(configuration.allListeners), inboxes: inboxes, log: log))
    let code = try system { () throws(SystemError) in
      var server = try SocketServer(
        sockets: sockets, rights: table, limits: limits, settings: LoopSettings(limits),
        inboxes: inboxes, service: service, clock: .monotonic, log: log)
      // The server holds them now, and closes them first thing when it drains.
      sockets = []
      log.notice(readyText(configuration, limits))
      return try server.run(signals: signals, drainSwitch: try DrainSwitch().notifier)
    }
    service.stop()
    log.notice(code == .ok ? "stopped" : "stopped, exit status \(code.rawValue)")
    return code
  }
}

extension Daemon {
  /// What holds for the whole process: only we read our files, no core dumps, no SIGPIPE, and the
  /// signals that stop us are events. Before the first thread.
  private static func confine() throws(StartError) -> SignalSource {
    if CurrentProcess.environment("SWIFT_DETERMINISTIC_HASHING") != nil {
      throw StartError(
        .usage,
        "SWIFT_DETERMINISTIC_HASHING is set, with which peers could flood hash tables; "
          + "remove it from the environment")
    }
    CurrentProcess.setUmask(0o077)
    Signal.ignoreBrokenPipes()
    return try system { () throws(SystemError) in
      try CurrentProcess.disableCoreDumps()
      return try SignalSource([.terminate, .interrupt, .hangup])
    }
  }

  private static func rights(
    _ configuration: ServerConfiguration
  ) throws(ConfigurationError) -> RightsTable {
    try RightsTable(
      rules: configuration.allowRules, ownUid: CurrentProcess.effectiveUserID,
      userNumber: { name in (try? UserAccount.find(name))?.id }, groupNumber: groupNumber)
  }

  private static func groupNumber(_ name: String) -> UInt32? {
    (try? GroupAccount.find(name))?.id
  }

  /// Fits the number of connections to the descriptors that the process may have, so that an
  /// operator's reserve is never out of descriptors.
  private static func fit(
    _ limits: ServerLimits, _ log: Log
  ) throws(StartError) -> ServerLimits {
    let allowed = try system { () throws(SystemError) in
      try CurrentProcess.raiseDescriptorLimit()
    }
    // Files, sockets and notifiers of the daemon itself.
    let room = allowed - 64 - 4 * limits.workers
    if room >= limits.maxConnections { return limits }
    guard room > limits.adminReservedConnections else {
      throw StartError(
        .system, "\(allowed) open files are too few to serve; raise LimitNOFILE (ulimit -n)")
    }
    log.warning(
      "max-connections lowered from \(limits.maxConnections) to \(room): the process may have "
        + "\(allowed) open files; raise LimitNOFILE (ulimit -n)")
    var fitted = limits
    fitted.maxConnections = room
    return fitted
  }

  private static func readyText(
    _ configuration: ServerConfiguration, _ limits: ServerLimits
  ) -> String {
    let sockets = configuration.allListeners.map { "\($0.path) (\($0.rights.names))" }
    return "ready: \(sockets.joined(separator: ", ")); \(limits.workers) workers"
      + configuration.durability.warning
  }

  /// Runs a step whose system errors end the start with the code for them.
  private static func system<Result: ~Copyable>(
    _ step: () throws(SystemError) -> Result
  ) throws(StartError) -> Result {
    do throws(SystemError) {
      return try step()
    } catch {
      throw StartError(.system, error.description)
    }
  }
}
