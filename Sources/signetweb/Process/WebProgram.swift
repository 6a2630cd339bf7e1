internal import LinuxIO

/// The program from its arguments to its exit status.
enum WebProgram {
  /// Program and version, for people and for the service's log.
  static let version = "signetweb 1.0.0"

  /// What the exit status tells; the numbers are signetd's.
  enum ExitCode: Int32 {
    /// Stopped as asked, everything accepted was answered.
    case ok = 0
    /// Wrong flags or settings; the message names the place.
    case usage = 64
    /// The system refused something: the socket, its directory, a thread.
    case system = 71
    /// Another program serves the socket.
    case inUse = 73
    /// The time for stopping passed with requests unanswered.
    case drainTimedOut = 74
    /// The service's socket does not give the right without which nothing can be served.
    case rightMissing = 77
  }

  private struct StartError: Error {
    let code: ExitCode
    let message: String
  }

  /// Runs until a signal ends it. `arguments` do not begin with the program's name.
  static func run(_ arguments: [String]) -> ExitCode {
    do throws(StartError) {
      let flags: WebFlags
      let configuration: WebConfiguration?
      do throws(WebConfigurationError) {
        flags = try WebFlags(arguments)
        configuration = try self.configuration(flags)
      } catch {
        throw StartError(code: .usage, message: error.description)
      }
      guard let configuration else { return .ok }
      return try serve(configuration)
    } catch {
      WebLog(level: .error).error(error.message)
      return error.code
    }
  }

  /// The configuration to run with; nil when the flags asked for a text, which is then printed.
  private static func configuration(
    _ flags: WebFlags
  ) throws(WebConfigurationError) -> WebConfiguration? {
    switch flags.action {
    case .showHelp: show(WebUsage.text)
    case .showVersion: show(version + "\n")
    case .run, .checkConfiguration:
      let file = try flags.configurationFile.map { (path) throws(WebConfigurationError) in
        try WebSettingsFile.read(path)
      }
      let configuration = try WebConfigurationReader.read(
        file: file ?? [], flags: flags.settings, .host)
      if flags.action == .run { return configuration }
      show("configuration ok\n" + configuration.text)
    }
    return nil
  }

  private static func show(_ text: String) {
    // Nobody reads it: nothing to report to.
    try? StandardStream.output.write(text)
  }

  private static func serve(_ configuration: WebConfiguration) throws(StartError) -> ExitCode {
    let log = WebLog(level: configuration.logLevel)
    CurrentProcess.setUmask(0o077)
    Signal.ignoreBrokenPipes()
    let rights = ServiceRights(
      configuration, ownUserID: CurrentProcess.effectiveUserID, log)
    if let refusal = rights.refusal() {
      throw StartError(code: .rightMissing, message: refusal)
    }
    let listener = try listener(configuration.listen)
    let isAnswered: Bool
    do throws(SystemError) {
      isAnswered = try serve(configuration, listener, rights, log)
    } catch {
      throw StartError(code: .system, message: error.description)
    }
    log.notice(isAnswered ? "stopped" : "stopped before everything was answered")
    return isAnswered ? .ok : .drainTimedOut
  }

  /// Signals before the first thread, which inherits what is blocked.
  private static func serve(
    _ configuration: WebConfiguration, _ listener: consuming UnixListener,
    _ rights: ServiceRights, _ log: WebLog
  ) throws(SystemError) -> Bool {
    try CurrentProcess.disableCoreDumps()
    try CurrentProcess.raiseDescriptorLimit()
    let signals = try SignalSource([.terminate, .interrupt, .hangup])
    let pool = try WorkerPool(configuration, FormTokens(), rights, log)
    var loop = try WebServerLoop(listener, configuration.webServerUserIDs, pool, log)
    let users = configuration.webServerUserIDs.sorted().map(String.init)
    log.notice(
      "ready: \(configuration.listen.path) for uid \(users.joined(separator: ", ")), "
        + "service \(configuration.servicePath), \(configuration.workers) workers")
    return try loop.run(signals)
  }

  /// Makes the socket's directory if it is missing (0755: the socket's own mode decides who may
  /// connect), refuses one in which others could put a socket of their own, then binds.
  private static func listener(_ listen: WebListener) throws(StartError) -> UnixListener {
    let bytes = Array(listen.path.utf8)
    let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
    let directory = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    do throws(FileError) {
      try Directory.create(path: directory, modeBits: 0o755)
      try Directory.requireTrusted(path: directory)
    } catch {
      throw StartError(code: .system, message: "socket \(listen.path): \(error)")
    }
    do throws(SocketError) {
      return try UnixListener.bind(
        path: listen.path, modeBits: listen.mode, groupID: listen.groupID)
    } catch {
      switch error {
      case .alreadyServed, .startInProgress:
        throw StartError(code: .inUse, message: "\(error)")
      default: throw StartError(code: .system, message: "\(error)")
      }
    }
  }
}
