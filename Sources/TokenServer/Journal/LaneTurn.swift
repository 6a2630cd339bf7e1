internal import TokenCore
internal import TokenWire

/// What one turn of the lane comes to: what is to be kept, and the replies that wait for it.
struct LaneTurn: Sendable {
  /// In order, without gaps after the turn before it. Empty where nothing changed.
  var commits: [JournaledCommit] = []
  /// By worker. Decided at `position` or before.
  var replies: [[LaneReply<LaneResult>]]
  /// By worker. Refused without a look at the state (BUSY, DISK_FULL and the like): these wait for
  /// nothing.
  var failures: [[LaneReply<LaneResult>]]
  /// The last position when the turn ended.
  var position: UInt64 = 0
  /// Whether the policy asks for a sync before these replies leave.
  var needsSync = false
}

extension LaneTurn {
  init(workerCount: Int) {
    replies = Array(repeating: [], count: workerCount)
    failures = replies
  }

  /// What it takes up while it waits: replies and effects.
  var weight: Int {
    replies.reduce(0) { $0 + $1.count } + commits.reduce(0) { $0 + 1 + $1.effects.count }
  }

  /// Puts a reply where it waits, or does not.
  mutating func add(_ reply: LaneReply<LaneResult>) {
    let worker = Int(reply.address.worker)
    if case .failure = reply.outcome.content {
      failures[worker].append(reply)
    } else {
      replies[worker].append(reply)
    }
  }

  /// The same turn where what it changed is kept in memory only: whoever changed something is told,
  /// and so is a retry, and whoever was told "already so".
  func notDurable() -> LaneTurn {
    var turn = self
    for worker in turn.replies.indices {
      for index in turn.replies[worker].indices where turn.replies[worker][index].outcome.isMutation
      {
        turn.replies[worker][index].outcome.content = .failure(
          .notDurable, field: "",
          message:
            "done, and kept in memory only: the disk and the reserve are full; it is written "
            + "as soon as there is room", retryAfterMillis: 0)
      }
    }
    return turn
  }
}

extension [WorkerInbox<LaneResult>] {
  /// Hands each worker its replies.
  func deliver(_ replies: [[LaneReply<LaneResult>]]) {
    for (worker, batch) in replies.enumerated() where !batch.isEmpty {
      var batch = batch
      self[worker].deliver(&batch)
    }
  }
}
