internal import TokenCrypto
internal import TokenWire

/// A service without operations: connections work (HELLO, PING, BARRIER, rights, limits), every
/// other request is UNSUPPORTED. It measures and tests the loop by itself.
struct ConnectionService: FrameDispatcher, ~Copyable {
  var releasedPosition: UInt64 { 0 }

  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) -> FrameDisposition {
    let body = ErrorBody(
      .unsupported, message: "\(frame.opcode.name) is not served here; this daemon has no service")
    output.error(
      .unsupported, body, opcode: reply.opcode, requestId: reply.requestId)
    return .answered
  }

  mutating func finish(
    _ outcome: Never, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) {}

  mutating func turnEnded() {}

  /// Starts it; nothing runs beside the workers.
  static func start(
    _ setup: ServiceSetup<Never>
  ) throws(StartError) -> RunningService<ConnectionService> {
    var pool = EntropyPool()
    let instance = Bytes16(word0: pool.word(), word1: pool.word())
    return RunningService(
      facts: ServiceFacts(
        instance: instance, retryWindowSeconds: 0, retryWindowEntries: 0,
        serverVersion: Array(ServerVersion.text.utf8)),
      makeDispatcher: { _ in ConnectionService() }, stop: {})
  }
}

extension Daemon {
  /// Runs the daemon with its service. Here and not in the executable, because the compiler
  /// specialises the loop for a dispatcher only inside this module.
  public static func run(arguments: [String]) -> ExitCode {
    run(arguments: arguments, start: ConnectionService.start)
  }
}
