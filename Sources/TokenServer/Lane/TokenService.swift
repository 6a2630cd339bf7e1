internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenStorage
internal import TokenWire

/// The service behind the sockets: the state in its arena, the commit lane, and what each worker
/// dispatches with.
enum TokenService {
  /// Makes the state, starts the lane's thread and returns what the workers need.
  static func start(
    _ setup: ServiceSetup<LaneResult>
  ) throws(StartError) -> RunningService<ServiceDispatcher> {
    guard CryptoSelfTest.passes() else {
      throw StartError(
        .system, "this libcrypto computes a wrong HMAC-SHA-256; reinstall OpenSSL's libcrypto")
    }
    var pool = EntropyPool()
    let arena = try Arena.reserve(setup.configuration.limits)
    let hash = TextHash(key0: pool.word(), key1: pool.word())
    var opened = try JournalStart.open(setup, arena) {
      ServiceState(
        arena: arena, hash: hash, indexMapping: IndexPages().mapping,
        splitClock: SplitClock(SystemClock.threadCPUNanos), position: $0)
    }
    try makeFirstKey(&opened, &pool)
    opened.state.gates.raiseReleased(to: opened.state.position)
    do throws(SystemError) {
      // A journal keeps its instance: positions and idempotency keys mean the same after a restart.
      let instance = opened.writer?.instance ?? pool.block128()
      return try run(setup, opened, instance: instance)
    } catch {
      throw StartError(.system, error.description)
    }
  }

  private static func run(
    _ setup: ServiceSetup<LaneResult>, _ opened: consuming OpenedJournal, instance: Block128
  ) throws(SystemError) -> RunningService<ServiceDispatcher> {
    let recordedMillis = opened.recordedMillis
    let clock = SharedClock()
    let running = try RunningJournal.start(&opened, setup, instance: instance, clock: clock)
    let state = opened.state
    let keyring = Keyring(root: setup.rootKey)
    keyring.publish(state.signingKeys)
    let facts = DaemonFacts(setup, instance: instance, journal: running)
    let view = ServiceView(
      space: state.space, gates: state.gates, texts: state.texts, clock: clock)
    let sink: any TurnSink =
      running?.sink ?? VolatileSink(gates: state.gates, inboxes: setup.inboxes)
    let lane = try CommitLane(
      keyring: keyring, clock: clock, workerCount: setup.inboxes.count, sink: sink,
      cuts: running?.cuts, facts: facts)
    let thread = try lane.start(state, notBefore: recordedMillis)
    let listeners = setup.listeners
    return RunningService(
      facts: ServiceFacts(
        instance: facts.instance,
        retryWindowSeconds: UInt32(Limits.retryWindowMillis / 1_000),
        retryWindowEntries: UInt32(TableSizes().retries),
        serverVersion: Array(ServerVersion.text.utf8)),
      makeDispatcher: { worker in
        ServiceDispatcher(
          lane: lane, keyring: keyring, view: view, listeners: listeners,
          counters: facts.counters[worker], log: facts.log)
      },
      drain: { running?.snapshots.drain() }, giveUp: { running?.snapshots.giveUp() },
      stop: {
        thread.stop(lane)
        running?.stop()
      })
  }

  /// A fresh state has no token key yet; its first commit makes one.
  private static func makeFirstKey(
    _ opened: inout OpenedJournal, _ pool: inout EntropyPool
  ) throws(StartError) {
    guard opened.state.signingKeys.isEmpty else { return }
    let now = SystemClock.realtimeMillis()
    let commit = opened.state.commit(
      .rotateKey(salt: TokenID(pool.block128())),
      Call(nowMillis: now, peerUID: CurrentProcess.effectiveUserID))
    var batch = CommitBatch()
    batch.add(commit.effects, at: commit.position)
    do throws(JournalError) {
      try opened.writer?.append(batch, wallMillis: now)
    } catch {
      throw StartError(.journalFailed, error.description)
    }
  }
}

extension Daemon {
  /// Runs the daemon with its service. Here and not in the executable, because the compiler
  /// specialises the loop for a dispatcher only inside this module.
  public static func run(arguments: [String]) -> ExitCode {
    run(arguments: arguments, start: TokenService.start)
  }
}
