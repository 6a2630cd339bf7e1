internal import LinuxIO
internal import TokenCore
internal import TokenWire

/// The one place where state changes: a thread that takes what the workers gathered, in batches,
/// decides and applies each request, and hands the outcomes back.
///
/// Every reply of the lane, reads and refusals included, leaves when the position at which it was
/// decided is released. Nothing is kept on disk in this version (`durability = volatile`), so a
/// batch is released as soon as it is applied.
final class CommitLane: @unchecked Sendable {
  private let queue: LaneQueue
  private let keyring: Keyring
  private let clock: SharedClock
  private let inboxes: [WorkerInbox<LaneResult>]
  private let facts: DaemonFacts

  /// How often the clocks are compared when nothing is asked.
  private static let clockTickMillis: Int32 = 1_000

  init(
    keyring: Keyring, clock: SharedClock, inboxes: [WorkerInbox<LaneResult>], facts: DaemonFacts
  ) throws(SystemError) {
    queue = try LaneQueue()
    self.keyring = keyring
    self.clock = clock
    self.inboxes = inboxes
    self.facts = facts
  }

  /// Whether a request more would be too many. A worker asks before it decodes one.
  func isOverloaded(gathered: Int) -> Bool { queue.isFull(gathered: gathered) }

  /// Takes a worker's requests of one turn and leaves the array empty. Any thread; one lock.
  func enqueue(_ batch: inout [LaneRequest]) { queue.enqueue(&batch) }

  /// Ends `run`. Called when no worker is left, so nobody waits for an answer any more.
  func stop() { queue.stop() }

  /// The body of the lane's thread. Owns the state until it ends.
  func run(_ state: consuming ServiceState) {
    var state = state
    var batch: [LaneRequest] = []
    var replies = inboxes.map { _ in [LaneReply<LaneResult>]() }
    var time = LaneClock(clock)
    while queue.next(&batch) {
      if time.read() { facts.log(clockIsSuspect: time.reading.isSuspect) }
      for request in batch { answer(request, &time, &state, &replies) }
      state.gates.raiseReleased(to: state.position)
      for worker in replies.indices { inboxes[worker].deliver(&replies[worker]) }
      if batch.isEmpty { queue.wait(timeoutMillis: Self.clockTickMillis) }
    }
  }

  private func answer(
    _ request: LaneRequest, _ time: inout LaneClock, _ state: inout ServiceState,
    _ replies: inout [[LaneReply<LaneResult>]]
  ) {
    let content = decide(request, &time, &state)
    replies[Int(request.address.worker)].append(
      LaneReply(
        address: request.address,
        outcome: LaneResult(call: request.call, seed: request.seed, content: content)))
  }

  private func decide(
    _ request: LaneRequest, _ time: inout LaneClock, _ state: inout ServiceState
  ) -> LaneResult.Content {
    switch request.task {
    case .operation(let operation):
      let call = Call(
        nowMillis: time.reading.nowMillis, peerUID: request.peerUID, retry: request.retry,
        mayReclaim: !time.reading.isSuspect)
      let commit = state.commit(operation, call)
      if operation.changesKeys { keyring.publish(state.signingKeys) }
      return .outcome(position: commit.position, commit.outcome)
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
    case .notDurable:
      return .failure(
        .notDurable, field: "",
        message: "this daemon runs with durability = volatile and keeps nothing on disk",
        retryAfterMillis: 0)
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
