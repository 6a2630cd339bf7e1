internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// The service behind the sockets: the state in its arena, the commit lane, and what each worker
/// dispatches with.
enum TokenService {
  /// Makes the state, starts the lane's thread and returns what the workers need.
  ///
  /// - Parameters:
  ///   - root: from the root key file.
  ///   - inboxes: one for each worker.
  ///   - version: name and version for people.
  static func start(
    _ configuration: ServerConfiguration, root: RootKey,
    inboxes: [WorkerInbox<LaneResult>], version: String, log: Log
  ) throws(SystemError) -> RunningService<ServiceDispatcher> {
    precondition(CryptoSelfTest.passes(), "the MAC of this libcrypto is not the one of RFC 4231")
    var pool = EntropyPool()
    let keyring = Keyring(root: root)
    let clock = SharedClock()
    let facts = DaemonFacts(
      configuration, instance: pool.block128(), workers: inboxes.count, version: version, log: log)
    var state = try makeState(configuration.limits, &pool)
    makeFirstKey(&state, &pool)
    keyring.publish(state.signingKeys)
    let view = ServiceView(
      space: state.space, gates: state.gates, texts: state.texts, clock: clock)
    let lane = try CommitLane(keyring: keyring, clock: clock, inboxes: inboxes, facts: facts)
    let thread = try lane.start(state)
    let listeners = ListenerTable(configuration.allListeners)
    return RunningService(
      facts: ServiceFacts(
        instance: facts.instance,
        retryWindowSeconds: UInt32(Limits.retryWindowMillis / 1_000),
        retryWindowEntries: UInt32(TableSizes().retries), serverVersion: Array(version.utf8)),
      makeDispatcher: { worker in
        ServiceDispatcher(
          lane: lane, keyring: keyring, view: view, listeners: listeners,
          counters: facts.counters[worker])
      },
      stop: { thread.stop(lane) })
  }

  /// The state in a fresh arena. Address space is reserved for the full tables; memory is taken as
  /// rows are used.
  private static func makeState(
    _ limits: ServerLimits, _ pool: inout EntropyPool
  ) throws(SystemError) -> ServiceState {
    let layout = ArenaLayout(TableSizes(limits).arenaLimits)
    let region = try MemoryRegion(byteCount: layout.byteCount, hugePages: true)
    let memory = unsafe UnsafeMutableRawBufferPointer(
      start: region.base, count: region.byteCount)
    guard let arena = unsafe Arena(memory, layout: layout) else {
      preconditionFailure("fresh memory holds no arena of another layout")
    }
    return ServiceState(arena: arena, hash: TextHash(key0: pool.word(), key1: pool.word()))
  }

  /// A fresh state has no token key yet; its first commit makes one.
  private static func makeFirstKey(_ state: inout ServiceState, _ pool: inout EntropyPool) {
    guard state.signingKeys.isEmpty else { return }
    let call = Call(
      nowMillis: SystemClock.realtimeMillis(), peerUID: CurrentProcess.effectiveUserID)
    _ = state.commit(.rotateKey(salt: TokenID(pool.block128())), call)
    state.gates.raiseReleased(to: state.position)
  }
}

extension TableSizes {
  init(_ limits: ServerLimits) {
    self.init()
    tokens = limits.maxTokens
    grants = limits.maxGrants
    families = limits.maxFamilies
    codes = limits.maxCodes
    users = limits.maxUsers
    apps = limits.maxApps
    scopeSets = limits.maxScopeSets
    audiences = limits.maxAudiences
    auditRecords = limits.maxAuditRecords
  }
}
