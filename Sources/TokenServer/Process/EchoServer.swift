internal import LinuxIO
internal import TokenWire

/// The daemon's acceptor, event loop and way of waiting with no service behind them: the floor that
/// measurements of the daemon are held against. It lies in this module so that the loop is
/// specialised for it as it is for the service.
public enum EchoServer {
  /// Serves until SIGTERM or SIGINT. VALIDATE is answered with the body that came.
  ///
  /// - Parameters:
  ///   - path: of the socket, absolute; mode 0600, the caller's user alone.
  ///   - workers: threads, 1...64.
  public static func run(path: String, workers: Int) -> ExitCode {
    let log = Log(level: .info)
    do throws(StartError) {
      return try serve(path, ServerLimits(workers: workers), log)
    } catch {
      log.error(error.message)
      return error.code
    }
  }

  private static func serve(
    _ path: String, _ limits: ServerLimits, _ log: Log
  ) throws(StartError) -> ExitCode {
    let socket = try ServerSocket(
      ListenerConfiguration(path: path, mode: 0o600, rights: .validate),
      groupNumber: { _ in nil })
    do {
      let signals = try SignalSource([.terminate, .interrupt, .hangup])
      let rights = try RightsTable(
        rules: [], ownUid: CurrentProcess.effectiveUserID, userNumber: { _ in nil },
        groupNumber: { _ in nil })
      var inboxes: [WorkerInbox<Never>] = []
      for _ in 0..<limits.workers { inboxes.append(try WorkerInbox()) }
      var server = try SocketServer(
        sockets: [socket], rights: rights, limits: limits, settings: LoopSettings(limits),
        inboxes: inboxes, service: service, clock: .monotonic, log: log)
      log.notice("ready: \(path) (echo); \(limits.workers) workers")
      return try server.run(signals: signals, drainSwitch: try DrainSwitch().notifier)
    } catch {
      throw StartError(.system, "\(error)")
    }
  }

  private static var service: RunningService<EchoDispatcher> {
    RunningService(
      facts: ServiceFacts(
        instance: Bytes16(word0: 0, word1: 0), retryWindowSeconds: 0, retryWindowEntries: 0,
        serverVersion: Array("echo server".utf8)),
      makeDispatcher: { _ in EchoDispatcher() }, stop: {})
  }
}
