import Foundation
import LinuxIO
import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage
import TokenWire

@testable import TokenServer

/// A daemon without sockets: state, commit lane and the journal's threads over a disk of the test.
/// The test is its one worker: it puts requests in, and takes replies out of the inbox.
final class JournalRig {
  let disk: StallingDisk
  let health: JournalHealth
  let gates: Gates
  /// Why the process was to be stopped, once each time.
  let stops = LogLines()
  let logged = LogLines()
  private let memory: MemoryRegion
  private let space: TokenSpace
  private let configuration: ServerConfiguration
  private let lane: CommitLane
  private let laneThread: LaneThread
  let running: RunningJournal
  private let inbox: WorkerInbox<LaneResult>
  private var dispatcher: ServiceDispatcher
  private var mint: TokenMint
  private var results: [UInt32: TokenServer.LaneReply<LaneResult>] = [:]
  /// Requests in the order of their replies.
  private(set) var answered: [UInt32] = []
  private var lastRequest: UInt32 = 0
  private var isStopped = false

  /// Starts on what the disk holds, as the daemon does.
  init(
    _ disk: StallingDisk = StallingDisk(), plan: JournalPlan = JournalPlan(),
    health: JournalHealth = JournalHealth(),
    queueCapacity: Int = JournalLimits.queuedWeightMax, backupDirectory: String? = nil
  ) throws {
    self.disk = disk
    self.health = health
    memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    var state = try JournalPlan.state(over: memory)
    var writer = try JournalPlan.open(disk, plan, &state)
    var pool = EntropyPool()
    if state.signingKeys.isEmpty {
      try Self.makeKey(&state, &writer, salt: TokenID(pool.block128()))
    }
    gates = state.gates
    gates.raiseReleased(to: state.position)
    space = state.space
    var configuration = try plan.configuration()
    configuration.backupDirectory = backupDirectory
    self.configuration = configuration
    inbox = try WorkerInbox()
    let setup = ServiceSetup<LaneResult>(
      configuration: configuration, rootKey: JournalDriver.root,
      listeners: ListenerTable(configuration.allListeners), inboxes: [inbox],
      log: Log(level: .error) { [logged] in logged.append($0) })
    let stops = stops
    let instance = writer.instance
    let opened = OpenedJournal(state: state)
    running = try RunningJournal(
      writer, opened, setup, instance: instance, disk: disk,
      settings: plan.settings(configuration), health: health,
      queueCapacity: queueCapacity, stopProcess: { stops.append($0) })
    let keyring = Keyring(root: JournalDriver.root)
    keyring.publish(opened.state.signingKeys)
    let clock = SharedClock()
    let view = ServiceView(space: space, gates: gates, texts: opened.state.texts, clock: clock)
    lane = try CommitLane(
      keyring: keyring, clock: clock, workerCount: 1, sink: running.sink,
      cuts: running.cuts, facts: DaemonFacts(setup, instance: instance, journal: running))
    dispatcher = ServiceDispatcher(
      lane: lane, keyring: keyring, view: view, listeners: setup.listeners,
      counters: WorkerCounters(), log: setup.log)
    mint = TokenMint(keyring)
    laneThread = try lane.start(opened.takeState(), notBefore: 0)
  }

  deinit { stop() }

  private static func makeKey(
    _ state: inout ServiceState, _ writer: inout JournalWriter, salt: TokenID
  ) throws {
    let now = SystemClock.realtimeMillis()
    let commit = state.commit(.rotateKey(salt: salt), Call(nowMillis: now, peerUID: 0))
    var batch = CommitBatch()
    batch.add(commit.effects, at: commit.position)
    try writer.append(batch, wallMillis: now)
  }

  /// As the daemon stops: the lane, then the journal. Nothing is held any more.
  func stop() {
    if isStopped { return }
    isStopped = true
    disk.letGo()
    stopLane()
    running.stop()
  }

  func stopLane() { laneThread.stop(lane) }

  /// Whether the lane has to wait before it hands over another turn.
  var isQueueFull: Bool { running.sink.queue.isFull }

  /// What the tables hold after `stop`.
  func image() throws -> ArenaImage {
    stop()
    return try ArenaImage(memory, position: gates.released)
  }

  // MARK: Requests

  /// Puts a request in through the worker's own path; its number.
  @discardableResult
  func send<M: RequestMessage>(_ message: M, isUrgent: Bool = false) throws -> UInt32 {
    let body = try message.encodedBody()
    let bytes = unsafe body.span.bytes
    var output = WireWriter()
    let address = address(M.opcode)
    let disposition = dispatcher.handle(
      FrameView(opcode: M.opcode, requestId: address.requestId, body: bytes),
      caller: caller(isUrgent: isUrgent), reply: address, output: &output)
    guard case .deferred = disposition else { throw Failure.notDeferred }
    dispatcher.turnEnded()
    return address.requestId
  }

  enum Failure: Error { case notDeferred, noReply }

  /// Puts an ISSUE of one token in by hand: only so its text is known before the reply is out.
  func issue(_ app: RigApp, user: String = "ann") throws -> IssuedByHand {
    mint.followKeys()
    mint.drawFromPool()
    let item = IssueItem(
      clientId: app.clientId, user: Array(user.utf8), scope: [], audience: [], lifetimeSeconds: 0,
      withRefresh: false, count: 1)
    let call = IssueRequest(items: [item])
    let seed = mint.drawSeed()
    let task = call.task(&mint, seed: seed)
    guard case .operation(.issue(let operation)) = task else { throw Failure.notDeferred }
    let id = operation.items[0].tokens[0].id
    let address = address(.issue)
    var batch = [
      LaneRequest(
        address: address, peerUID: 0, call: call, task: task, retry: nil, seed: seed,
        isUrgent: false)
    ]
    lane.enqueue(&batch)
    let text = mint.text(.accessToken, id, keyID: mint.keyID) ?? []
    return IssuedByHand(request: address.requestId, id: id, text: text)
  }

  private func address(_ opcode: Opcode) -> ReplyAddress {
    lastRequest += 1
    return ReplyAddress(
      worker: 0, opcode: opcode.rawValue, requestId: lastRequest, slot: 0, generation: 1)
  }

  private func caller(isUrgent: Bool = false) -> Caller {
    let listener = configuration.allListeners.firstIndex { $0.isAdmin == isUrgent } ?? 0
    return Caller(
      uid: 0, gid: 0, pid: 0, rights: .all, listener: UInt16(listener), maxFrameBytes: 65_536)
  }

  // MARK: Replies

  /// Whether the reply is out by now.
  func hasReply(_ request: UInt32) -> Bool {
    var replies: [TokenServer.LaneReply<LaneResult>] = []
    var connections: [HandedConnection] = []
    _ = inbox.take(&replies, &connections)
    for reply in replies {
      results[reply.address.requestId] = reply
      answered.append(reply.address.requestId)
    }
    return results[request] != nil
  }

  /// Waits for the reply's frame.
  func frame(_ request: UInt32) throws -> RawFrame {
    guard eventually({ hasReply(request) }), let reply = results[request] else {
      throw Failure.noReply
    }
    var output = WireWriter()
    dispatcher.finish(
      reply.outcome, caller: caller(), reply: reply.address, output: &output)
    return try #require(RawFrame.read(output.contents[...])?.frame)
  }

  /// Waits for the reply; another status than OK is thrown as `ServiceConnection.Refused`.
  func reply<M: RequestMessage>(_ request: UInt32, to message: M.Type) throws -> M.Reply {
    let frame = try frame(request)
    guard frame.status == 0 else { throw ServiceConnection.Refused(frame) }
    return try M.Reply(body: frame.body)
  }

  func status(_ request: UInt32) throws -> Status? { Status(rawValue: try frame(request).status) }

  @discardableResult
  func call<M: RequestMessage>(_ message: M) throws -> M.Reply {
    try reply(try send(message), to: M.self)
  }

  // MARK: Tokens

  /// The verdict that VALIDATE gives now.
  func verdict(_ text: [UInt8]) throws -> Verdict? {
    var input = WireWriter()
    try input.request(ValidateRequest(form: .verdict, tokens: [text]), requestId: 1)
    let frames = input.contents
    let reader = FrameReader(.requests, version: 1, maxFrame: WireLimits.frameBytesMax)
    let bytes = unsafe frames.span.bytes
    let run = reader.run(of: .validate, in: bytes, from: 0, atMost: 1)
    var output = WireWriter()
    _ = dispatcher.validate(run, caller: caller(), output: &output)
    let frame = try #require(RawFrame.read(output.contents[...])?.frame)
    guard case .verdicts(let elements) = try ValidateReply(body: frame.body) else { return nil }
    return elements.first.flatMap { Verdict(rawValue: $0.verdict) }
  }

  /// Revoked, and maybe reclaimed by a mutation since.
  func isDead(_ text: [UInt8]) throws -> Bool {
    let verdict = try verdict(text)
    return verdict == .revoked || verdict == .unknown
  }

  /// What the table says of a token.
  func standing(_ id: TokenID) -> TokenVerdict {
    space.lookup(id, nowSeconds: UInt32(SystemClock.realtimeMillis() / 1_000)).verdict
  }

  /// Puts an ISSUE in and waits until the lane has applied it: it has dealt with all that was put
  /// in before.
  @discardableResult
  func issueAndWaitForLane(_ app: RigApp) throws -> IssuedByHand {
    let issued = try issue(app)
    #expect(eventually { standing(issued.id) != .absent }, "the lane applied nothing")
    return issued
  }

  /// Whether what must not happen happens within a moment.
  func soon(_ isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<200 {
      if try isSo() { return true }
      usleep(500)
    }
    return false
  }

  /// Looks again and again until it is so; false after the limit.
  func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
    let limit = Date(timeIntervalSinceNow: StallingDisk.limitSeconds)
    while try !isSo() {
      if Date() > limit { return false }
      usleep(500)
    }
    return true
  }
}

/// A token whose reply may not be out.
struct IssuedByHand {
  let request: UInt32
  let id: TokenID
  let text: [UInt8]
}
