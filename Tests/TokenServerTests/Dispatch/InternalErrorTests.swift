import LinuxIO
import TestSupport
import Testing
import TokenCore
import TokenCrypto
import TokenWire

@testable import TokenServer

/// Rules and calls that disagree are a fault of this program; it costs one reply.
struct InternalErrorTests {
  @Test("an outcome of another operation is answered INTERNAL and logged, and the next one is well")
  func foreignOutcome() throws {
    let layout = ArenaLayout(TableSizes.small.arenaLimits)
    let memory = try MemoryRegion(byteCount: layout.byteCount)
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: memory.base, count: memory.byteCount)
    let arena = unsafe Arena(bytes, layout: layout)
    var state = ServiceState(arena: try #require(arena), hash: TextHash(key0: 1, key1: 2))
    var pool = EntropyPool()
    let keyring = Keyring(root: RootKey(from: &pool))
    _ = state.commit(
      .rotateKey(salt: TokenID(pool.block128())), Call(nowMillis: 1, peerUID: 0))
    keyring.publish(state.signingKeys)
    let configuration = try ConfigurationReader.read(
      flags: LaunchFlags(["--embedded", "/x"]), file: nil, coreCount: 1)
    let lines = LogLines()
    let log = Log(level: .error) { lines.append($0) }
    let listeners = ListenerTable(configuration.allListeners)
    let setup = ServiceSetup<LaneResult>(
      configuration: configuration, rootKey: keyring.root, listeners: listeners,
      inboxes: [try WorkerInbox()], log: log)
    let lane = try CommitLane(
      keyring: keyring, clock: SharedClock(), workerCount: 1,
      sink: VolatileSink(gates: state.gates, inboxes: setup.inboxes),
      facts: DaemonFacts(setup, instance: pool.block128(), journal: nil))
    var dispatcher = ServiceDispatcher(
      lane: lane, keyring: keyring,
      view: ServiceView(
        space: state.space, gates: state.gates, texts: state.texts, clock: SharedClock()),
      listeners: listeners, counters: WorkerCounters(), log: log)
    let caller = Caller(
      uid: 0, gid: 0, pid: 0, rights: .all, listener: 0, maxFrameBytes: 65_536)
    var output = WireWriter()
    for (id, outcome) in [(UInt32(5), TokenCore.Outcome.gate(7)), (6, .done)] {
      dispatcher.finish(
        LaneResult(
          call: UserDisableRequest(user: "ann"), seed: .none,
          content: .outcome(position: 9, outcome)),
        caller: caller,
        reply: ReplyAddress(
          worker: 0, opcode: Opcode.userDisable.rawValue, requestId: id, slot: 0, generation: 1),
        output: &output)
    }
    let refused = try #require(RawFrame.read(output.contents[...]))
    #expect(refused.frame.requestId == 5)
    #expect(Status(rawValue: refused.frame.status) == .internal)
    let answered = try #require(
      RawFrame.read(output.contents.dropFirst(16 + refused.frame.body.count)))
    #expect(answered.frame.requestId == 6)
    #expect(answered.frame.status == 0)
    #expect(lines.all.count == 1)
    #expect(lines.all[0].contains("USER_DISABLE at position 9"))
  }
}
