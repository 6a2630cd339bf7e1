import LinuxIO
import TestSupport
import Testing
import TokenCore
import TokenCrypto
import TokenWire

@testable import TokenServer

/// A state, its keys and one worker's validator, without threads and sockets: a test says what time
/// every commit has.
final class ValidationRig {
  private let memory: MemoryRegion
  private var state: ServiceState
  private let keyring: Keyring
  private var mint: TokenMint
  private var validator: Validator
  private let counters = WorkerCounters()
  /// Whether a commit is released at once, as the lane does it.
  var releases = true

  init() throws {
    let layout = ArenaLayout(TableSizes.small.arenaLimits)
    memory = try MemoryRegion(byteCount: layout.byteCount)
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: memory.base, count: memory.byteCount)
    let arena = unsafe Arena(bytes, layout: layout)
    state = ServiceState(arena: try #require(arena), hash: TextHash(key0: 1, key1: 2))
    var pool = EntropyPool()
    keyring = Keyring(root: RootKey(from: &pool))
    let now = SystemClock.realtimeMillis()
    _ = state.commit(
      .rotateKey(salt: TokenID(pool.block128())), Call(nowMillis: now, peerUID: 0))
    keyring.publish(state.signingKeys)
    mint = TokenMint(keyring)
    validator = Validator(
      view: ServiceView(
        space: state.space, gates: state.gates, texts: state.texts, clock: SharedClock()))
    state.gates.raiseReleased(to: state.position)
    try call(
      SettingsSetRequest(
        acting: .local,
        settings: [SettingEntry(name: "provider-enabled", value: "true")]))
  }

  var position: UInt64 { state.position }
  func release() { state.gates.raiseReleased(to: state.position) }

  /// Decides and applies a request `agoSeconds` before now. No record is reclaimed unless asked.
  @discardableResult
  func call<M: LaneCall>(
    _ message: M, agoSeconds: UInt64 = 0, mayReclaim: Bool = false
  ) throws -> TokenCore.Outcome {
    mint.drawFromPool()
    guard case .operation(let operation) = message.task(&mint, seed: mint.drawSeed()) else {
      throw Failure.noOperation
    }
    let call = Call(
      nowMillis: SystemClock.realtimeMillis() - agoSeconds * 1_000, peerUID: 0,
      mayReclaim: mayReclaim)
    let outcome = state.commit(operation, call).outcome
    if operation.changesKeys { keyring.publish(state.signingKeys) }
    mint.followKeys()
    if releases { release() }
    if case .refused(let refusal) = outcome { throw Failure.refused(refusal) }
    return outcome
  }

  enum Failure: Error {
    case noOperation
    case noProgress
    case refused(Refusal)
  }

  func set(_ name: String, _ value: String) throws {
    try call(
      SettingsSetRequest(
        acting: .local, settings: [SettingEntry(name: name, value: value)]))
  }

  func register(scopes: String = "") throws -> [UInt8] {
    let fields = AppFields(
      name: "app", description: "", homepage: "https://app.example", iconUrl: "",
      callbacks: ["https://app.example/callback"], trusted: false, isPublic: false,
      grants: 15, audiences: [], scopes: scopes)
    let outcome = try call(AppRegisterRequest(acting: .local, fields: fields))
    guard case .registered(let clientID, _, _) = outcome else { throw Failure.noOperation }
    return clientID
  }

  /// One token. Without a user it is the client's own.
  func issue(
    _ clientId: [UInt8], user: String = "ann", scope: String = "", audience: String = "",
    lifetimeSeconds: UInt32 = 0, agoSeconds: UInt64 = 0, mayReclaim: Bool = false
  ) throws -> TokenSet {
    let item = IssueItem(
      clientId: clientId, user: Array(user.utf8), scope: Array(scope.utf8),
      audience: Array(audience.utf8), lifetimeSeconds: lifetimeSeconds,
      withRefresh: !user.isEmpty, count: 1)
    let outcome = try call(
      IssueRequest(items: [item]), agoSeconds: agoSeconds, mayReclaim: mayReclaim)
    guard case .issued(let tokens) = outcome else { throw Failure.noOperation }
    return mint.tokenSet(tokens[0])
  }

  /// A token of this service that was never issued: a good tag on a fresh id.
  func neverIssued() -> [UInt8] {
    mint.drawFromPool()
    return mint.text(.accessToken, mint.id(), keyID: mint.keyID) ?? []
  }

  /// The frame that VALIDATE is answered with.
  func answer(_ request: ValidateRequest, maxFrame: Int = 65_536) throws -> RawFrame {
    var input = WireWriter()
    try input.request(request, requestId: 9)
    let output = try answer(frames: input.contents, maxFrame: maxFrame).output
    return try #require(RawFrame.read(output[...])?.frame)
  }

  /// The replies to frames that one read brought, and in how many calls they were answered.
  func answer(
    frames: [UInt8], maxFrame: Int = 65_536
  ) throws -> (output: [UInt8], calls: Int) {
    let caller = Caller(
      uid: 0, gid: 0, pid: 0, rights: .all, listener: 0, maxFrameBytes: UInt32(maxFrame))
    let reader = FrameReader(.requests, version: 1, maxFrame: WireLimits.frameBytesMax)
    var output = WireWriter()
    var (offset, calls) = (0, 0)
    while offset < frames.count {
      let bytes = unsafe frames.span.bytes
      let run = reader.run(of: .validate, in: bytes, from: offset, atMost: .max)
      let answer = validator.answer(run, caller, mint, counters, to: &output)
      if let fault = answer.fault { throw fault }
      guard answer.frames > 0 else { throw Failure.noProgress }
      offset += answer.bytes
      calls += 1
    }
    return (output.contents, calls)
  }

  func verdicts(_ request: ValidateRequest) throws -> [Verdict?] {
    let frame = try answer(request)
    try #require(frame.status == 0, "\(ServiceConnection.Refused(frame))")
    switch try ValidateReply(body: frame.body) {
    case .verdicts(let elements): return elements.map { Verdict(rawValue: $0.verdict) }
    case .identities(let elements): return elements.map { Verdict(rawValue: $0.verdict) }
    }
  }
}
