internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// What frames mean to this service: VALIDATE is answered on the spot, everything else is prepared
/// here and decided in the lane. Each worker has its own.
struct ServiceDispatcher: FrameDispatcher, ~Copyable {
  typealias Outcome = LaneResult

  private let lane: CommitLane
  private let listeners: ListenerTable
  private let counters: WorkerCounters
  private let log: Log
  private var mint: TokenMint
  private var validator: Validator
  /// What this turn gathered for the lane.
  private var gathered: [LaneRequest] = []

  init(
    lane: CommitLane, keyring: Keyring, view: ServiceView, listeners: ListenerTable,
    counters: WorkerCounters, log: Log
  ) {
    self.lane = lane
    self.log = log
    self.listeners = listeners
    self.counters = counters
    mint = TokenMint(keyring)
    validator = Validator(view: view)
  }

  var releasedPosition: UInt64 { validator.releasedPosition }

  mutating func validate(
    _ run: borrowing RequestRun, caller: Caller, output: inout WireWriter
  ) -> RunAnswer {
    // Every run, not every turn: a token of a key that was made since this worker last woke is good
    // as soon as its reply is out, and what asks for it was read after that. Costs an atomic load.
    mint.followKeys()
    return validator.answer(run, caller, mint, counters, to: &output)
  }

  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress,
    output: inout WireWriter
  ) -> FrameDisposition {
    mint.followKeys()
    do throws(WireFault) {
      if lane.isOverloaded(gathered: gathered.count), !listeners[caller.listener].isAdmin {
        fail(
          .busy, message: "too many requests are waiting; send it again", reply,
          retryAfterMillis: 50, to: &output)
        return .answered
      }
      let call = try CallDecoder.decode(frame.opcode, frame.body)
      if let refusal = refusal(call, frame, caller) {
        output.error(
          refusal.status, refusal.body, opcode: reply.opcode, requestId: reply.requestId)
        return .answered
      }
      gathered.append(prepared(call, frame, caller, reply))
      return .deferred
    } catch {
      return .malformed(error)
    }
  }

  mutating func turnEnded() {
    if !gathered.isEmpty { lane.enqueue(&gathered) }
  }

  // MARK: Before the lane

  private func refusal(
    _ call: any LaneCall, _ frame: borrowing FrameView, _ caller: Caller
  ) -> (status: Status, body: ErrorBody)? {
    if let acting = call.speaksFor,
      let missing = ActingCheck.missingRight(acting, caller.rights)
    {
      let text = listeners.refusal(of: caller, needed: missing)
      return (.denied, ErrorBody(.denied, field: "acting", message: text))
    }
    if Int(caller.maxFrameBytes) < WireLimits.laneFrameBytes {
      let body = ErrorBody(
        .limitReached, field: "maxFrame",
        message: "this operation needs a frame limit of at least \(WireLimits.laneFrameBytes); "
          + "ask for more in HELLO")
      return (.limitReached, body)
    }
    if call.replyBytesMax > Int(caller.maxFrameBytes) {
      let body = ErrorBody(
        .limitReached, field: "items",
        message: "the reply may be longer than this connection's frame limit; ask for fewer tokens "
          + "in one request, or for a larger frame in HELLO")
      return (.limitReached, body)
    }
    return nil
  }

  private mutating func prepared(
    _ call: any LaneCall, _ frame: borrowing FrameView, _ caller: Caller, _ reply: ReplyAddress
  ) -> LaneRequest {
    let seed = mint.drawSeed()
    var retry: RetryRequest?
    if frame.opcode.isMutation, let key = idempotencyKey(frame.body) {
      mint.derive(from: seed)
      retry = RetryRequest(
        key: key, operation: frame.opcode.rawValue, bodyDigest: digest(frame.body), seed: seed,
        keyID: mint.keyID)
    } else {
      mint.drawFromPool()
    }
    return LaneRequest(
      address: reply, peerUID: caller.uid, call: call,
      task: call.task(&mint, seed: seed)
        .limitingPage(toBytes: Int(caller.maxFrameBytes) - WireLimits.frameBytesMin),
      retry: retry, seed: seed, isUrgent: listeners[caller.listener].isAdmin)
  }

  /// The first sixteen bytes of a mutation; nil where they are zero.
  private func idempotencyKey(_ body: RawSpan) -> TokenID? {
    guard body.byteCount >= 16 else { return nil }
    let word0 = unsafe body.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let word1 = unsafe body.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let key = TokenID(word0: UInt64(littleEndian: word0), word1: UInt64(littleEndian: word1))
    return key == .none ? nil : key
  }

  /// Of what follows the key.
  private func digest(_ body: RawSpan) -> TokenID {
    let rest = body.extracting(16..<body.byteCount)
    let hash = unsafe rest.withUnsafeBytes { unsafe SHA256.hash($0) }
    return TokenID(hash.firstHalf)
  }

  // MARK: After the lane

  mutating func finish(
    _ outcome: LaneResult, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) {
    mint.followKeys()
    switch outcome.content {
    case .outcome(_, .refused(var refusal)):
      refusal.field = outcome.call.path(ofField: refusal.field)
      fail(refusal, reply, to: &output)
    case .outcome(_, .stalePreparation):
      fail(
        .busy, message: "a signing key was retired meanwhile; send the request again", reply,
        retryAfterMillis: 1, to: &output)
    case .outcome(let position, .replayed(let record, let first)):
      replay(outcome, first, record, position, caller, reply, to: &output)
    case .outcome(let position, let decided):
      let answer = Answer(position: position, outcome: decided, seed: outcome.seed)
      succeed(outcome.call, answer, caller, reply, to: &output)
    case .facts(let position, let facts):
      let entries = facts.map {
        FactEntry(name: Array($0.name.utf8), value: Array($0.value.utf8))
      }
      send(StatusReply(position: position, facts: entries), caller, reply, to: &output)
    case .stats(let position, let stats):
      let entries = stats.map { StatEntry(name: Array($0.name.utf8), value: $0.value) }
      send(StatsReply(position: position, stats: entries), caller, reply, to: &output)
    case .snapshot(let position):
      send(PositionReply(position: position), caller, reply, to: &output)
    case .backup(let position, let path):
      send(
        BackupReply(position: position, path: Array(path.utf8)), caller, reply, to: &output)
    case .clock(let position, let nowMillis, let wasSuspect):
      send(
        ClockAcceptReply(position: position, now: nowMillis, wasSuspect: wasSuspect), caller,
        reply, to: &output)
    case .failure(let status, let field, let message, let retryAfterMillis):
      output.error(
        status,
        ErrorBody(status, field: field, message: message, retryAfterMillis: retryAfterMillis),
        opcode: reply.opcode, requestId: reply.requestId)
    }
  }

  /// Prepares the operation again from the first call's seed, so that its ids have their names.
  private mutating func replay(
    _ result: LaneResult, _ first: TokenCore.Outcome, _ record: RetryRecord, _ position: UInt64,
    _ caller: Caller, _ reply: ReplyAddress, to output: inout WireWriter
  ) {
    mint.derive(from: record.seed, keyID: record.keyID)
    var outcome = first
    if case .operation(let operation) = result.call.task(&mint, seed: record.seed) {
      outcome = first.renamed(by: operation)
    }
    let answer = Answer(position: record.position, outcome: outcome, seed: record.seed)
    succeed(result.call, answer, caller, reply, to: &output)
  }

  private mutating func succeed(
    _ call: any LaneCall, _ answer: Answer, _ caller: Caller, _ reply: ReplyAddress,
    to output: inout WireWriter
  ) {
    if let message = call.reply(answer, &mint) {
      return send(message, caller, reply, to: &output)
    }
    // The rules and the calls disagree. To stop here would cost everybody the state in memory.
    let operation = Opcode(rawValue: reply.opcode)?.name ?? "an operation"
    log.error(
      "\(operation) at position \(answer.position) had an outcome that does not belong to it; this "
        + "is a fault of signetd, please report it")
    fail(
      .internal,
      message: "a fault of signetd, which its log describes; what was asked may have been done",
      reply, to: &output)
  }

  /// A reply that is too long for the connection becomes a refusal; what was done stays done.
  private func send(
    _ message: some ReplyBody, _ caller: Caller, _ reply: ReplyAddress,
    to output: inout WireWriter
  ) {
    let mark = output.beginFrame(.reply(opcode: reply.opcode, requestId: reply.requestId))
    message.write(to: &output)
    do throws(WireFault) {
      try output.endFrame(mark, maxFrame: Int(caller.maxFrameBytes))
    } catch {
      fail(
        .limitReached, message: "the reply is larger than this connection's frame limit", reply,
        to: &output)
    }
  }

  private func fail(_ refusal: Refusal, _ reply: ReplyAddress, to output: inout WireWriter) {
    let status = Status(rawValue: refusal.reason.rawValue) ?? .internal
    let body = ErrorBody(
      status, field: refusal.field, message: refusal.message,
      retryAfterMillis: refusal.retryAfterMillis)
    output.error(status, body, opcode: reply.opcode, requestId: reply.requestId)
  }

  private func fail(
    _ status: Status, message: String, _ reply: ReplyAddress, retryAfterMillis: UInt32 = 0,
    to output: inout WireWriter
  ) {
    output.error(
      status, ErrorBody(status, message: message, retryAfterMillis: retryAfterMillis),
      opcode: reply.opcode, requestId: reply.requestId)
  }
}
