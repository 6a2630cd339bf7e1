internal import LinuxIO
internal import TokenCore
internal import TokenWire

/// The one place where state changes: a thread that takes what the workers gathered, in turns,
/// decides and applies each request, and hands the outcomes to the sink.
///
/// Every reply of the lane, reads and refusals included, leaves when the position at which it was
/// decided is released: the sink holds a turn until then.
final class CommitLane: @unchecked Sendable {
  private let queue: LaneQueue
  private let keyring: Keyring
  private let clock: SharedClock
  private let workerCount: Int
  private let sink: any TurnSink
  /// nil where nothing is kept.
  private let cuts: SnapshotQueue?
  private let facts: DaemonFacts

  /// How often the clocks are compared when nothing is asked.
  private static let clockTickMillis: Int32 = 1_000

  init(
    keyring: Keyring, clock: SharedClock, workerCount: Int, sink: any TurnSink,
    cuts: SnapshotQueue? = nil, facts: DaemonFacts
  ) throws(SystemError) {
    queue = try LaneQueue()
    self.keyring = keyring
    self.clock = clock
    self.workerCount = workerCount
    self.sink = sink
    self.cuts = cuts
    self.facts = facts
    cuts?.wakes { [queue] in queue.wake() }
  }

  /// Whether a request more would be too many. A worker asks before it decodes one.
  func isOverloaded(gathered: Int) -> Bool { queue.isFull(gathered: gathered) }

  /// Takes a worker's requests of one turn and leaves the array empty. Any thread; one lock.
  func enqueue(_ batch: inout [LaneRequest]) { queue.enqueue(&batch) }

  /// Ends `run`. Called when no worker is left, so nobody waits for an answer any more.
  func stop() { queue.stop() }

  /// The body of the lane's thread. Owns the state until it ends.
  func run(_ state: consuming ServiceState, notBefore: UInt64) {
    var state = state
    var batch: [LaneRequest] = []
    var time = LaneClock(clock, notBefore: notBefore)
    while queue.next(&batch) {
      sink.watch()
      if time.read() { facts.log(clockIsSuspect: time.reading.isSuspect) }
      cuts?.lookAt(state)
      if batch.isEmpty {
        queue.wait(timeoutMillis: Self.clockTickMillis)
        continue
      }
      var turn = LaneTurn(workerCount: workerCount)
      for request in batch { answer(request, &time, &state, &turn) }
      turn.position = state.position
      sink.end(turn)
    }
  }

  private func answer(
    _ request: LaneRequest, _ time: inout LaneClock, _ state: inout ServiceState,
    _ turn: inout LaneTurn
  ) {
    guard let content = decide(request, &time, &state, &turn) else { return }
    turn.add(
      LaneReply(
        address: request.address,
        outcome: LaneResult(
          call: request.call, seed: request.seed, content: content,
          isMutation: request.task.isMutation)))
  }

  /// nil = who waits is answered elsewhere.
  private func decide(
    _ request: LaneRequest, _ time: inout LaneClock, _ state: inout ServiceState,
    _ turn: inout LaneTurn
  ) -> LaneResult.Content? {
    switch request.task {
    case .operation(let operation):
      if let refusal = refusal(of: operation) { return refusal }
      return commit(operation, request, time.reading, &state, &turn)
    case .acceptClock:
      // What follows in the batch goes by the time that is now in force.
      let wasSuspect = time.accept()
      if wasSuspect { facts.log(clockAcceptedBy: request.peerUID) }
      return .clock(
        position: state.position, nowMillis: time.reading.nowMillis, wasSuspect: wasSuspect)
    case .refused(let refusal):
      return .outcome(position: state.position, .refused(refusal))
    case .status:
      return .facts(position: state.position, facts.status(state, time.reading))
    case .stats:
      return .stats(position: state.position, facts.stats(state))
    case .cut(let purpose):
      return ask(purpose, request)
    }
  }

  private func ask(_ purpose: SnapshotPurpose, _ request: LaneRequest) -> LaneResult.Content? {
    let refusal: LaneResult.Content
    if let cuts {
      let waiter = LaneReply(
        address: request.address,
        outcome: LaneResult(
          call: request.call, seed: request.seed, content: .snapshot(position: 0)))
      switch cuts.ask(purpose, waiter) {
      case .waits: return nil
      case .draining: refusal = SnapshotThread.draining
      case .tooMany:
        refusal = .failure(
          .busy, field: "", message: "too many snapshots are asked for; wait for the others",
          retryAfterMillis: 1_000)
      }
    } else {
      refusal = .failure(
        .notDurable, field: "",
        message: "this daemon runs with durability = volatile and keeps nothing on disk",
        retryAfterMillis: 0)
    }
    return refusal
  }

  private func commit(
    _ operation: Operation, _ request: LaneRequest, _ reading: TrustedClock.Reading,
    _ state: inout ServiceState, _ turn: inout LaneTurn
  ) -> LaneResult.Content {
    let call = Call(
      nowMillis: reading.nowMillis, peerUID: request.peerUID, retry: request.retry,
      mayReclaim: !reading.isSuspect)
    let before = state.position
    let commit = state.commit(operation, call)
    if state.position != before {
      turn.commits.append(JournaledCommit(position: commit.position, effects: commit.effects))
      if !operation.isIssuance { turn.needsSync = true }
    }
    if operation.changesKeys { keyring.publish(state.signingKeys) }
    return .outcome(position: commit.position, commit.outcome)
  }

  /// What the disk does not allow now.
  private func refusal(of operation: Operation) -> LaneResult.Content? {
    guard operation.isMutation else { return nil }
    switch sink.admission {
    case .everything: return nil
    case .denialsOnly:
      if operation.isDenial { return nil }
      return .failure(
        .diskFull, field: "",
        message:
          "the disk is full: only revocations are accepted; free space in the data directory",
        retryAfterMillis: 1_000)
    case .diskHangs:
      if operation.isDenial { return nil }
      return .failure(
        .busy, field: "", message: "a write to the disk does not return; try again later",
        retryAfterMillis: 1_000)
    case .nothing:
      return .failure(
        .diskFull, field: "",
        message: "the disk and the reserve are full, and memory holds all that it may; free space "
          + "in the data directory", retryAfterMillis: 1_000)
    }
  }
}

extension Operation {
  /// Whether the keyset has to be made anew afterwards.
  var changesKeys: Bool {
    switch self {
    case .rotateKey, .retireKey: true
    default: false
    }
  }
}
