/// Hands finished turns to the journal's thread, and stops the process when a write hangs.
struct JournalSink: TurnSink {
  let queue: JournalQueue
  let health: JournalHealth
  let stopProcess: @Sendable (String) -> Void

  var admission: Admission { health.admission }

  func end(_ turn: LaneTurn) {
    while queue.isFull {
      queue.waitForRoom(timeoutMillis: 1_000)
      watch()
    }
    queue.put(turn)
  }

  func watch() {
    guard health.isHung else { return }
    stopProcess(
      "a write to the journal has not returned for \(JournalHealth.hungWriteMillis / 1_000) s; see "
        + "what the system's log says of the disk")
  }
}
