internal import TokenCore

/// Hands finished turns to the journal's thread, and stops the process when a write hangs.
struct JournalSink: TurnSink {
  let queue: JournalQueue
  let health: JournalHealth
  let gates: Gates
  let inboxes: [WorkerInbox<LaneResult>]
  let stopProcess: @Sendable (String) -> Void

  var admission: Admission { health.admission }

  func end(_ turn: LaneTurn) {
    // Before a disk that may hang. What was decided at a position that is released does not wait
    // either.
    inboxes.deliver(turn.failures)
    if turn.commits.isEmpty && turn.position <= gates.released {
      return inboxes.deliver(turn.replies)
    }
    while queue.isFull {
      queue.waitForRoom(timeoutMillis: 1_000)
      watch()
    }
    queue.put(turn)
  }

  func watch() {
    guard health.isHung else { return }
    stopProcess(
      "a write to the journal has not returned for \(JournalLimits.hungWriteMillis / 1_000) s; see "
        + "what the system's log says of the disk")
  }
}
