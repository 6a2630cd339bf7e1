internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenStorage
internal import TokenWire

/// The thread that writes cuts as snapshots and backups, while the lane goes on.
final class SnapshotThread: @unchecked Sendable {
  let queue: SnapshotQueue
  let health: SnapshotHealth
  let journal: JournalHealth
  let clock: SharedClock
  let place: SnapshotPlace
  let log: Log
  /// Where backups lie; nil where that is not configured.
  let backups: LinuxDisk?
  private let writer: SnapshotWriter
  private let inboxes: [WorkerInbox<LaneResult>]
  /// Of the cut under way; nil = one that was begun again, because commits changed more than is
  /// kept: it is written without a rest, since it has to come to an end.
  private var pace: BackgroundPace?
  /// Snapshots that the start found damaged; removed with the first new one.
  private var distrusted: [String]

  init(
    queue: SnapshotQueue, health: SnapshotHealth, journal: JournalHealth, clock: SharedClock,
    place: SnapshotPlace,
    distrusted: [String], inboxes: [WorkerInbox<LaneResult>], log: Log
  ) {
    self.queue = queue
    self.health = health
    self.journal = journal
    self.clock = clock
    self.place = place
    self.distrusted = distrusted
    self.inboxes = inboxes
    self.log = log
    backups = place.backupDirectory.map { LinuxDisk(path: $0) }
    writer = SnapshotWriter(place.disk, place.root, instance: place.instance)
  }

  /// The body of the thread.
  func run() {
    while let (job, cut) = queue.next() {
      // What was begun and given up has to come to an end.
      if job.attempts == 0 { steppingBack { self.write(job, cut) } } else { write(job, cut) }
    }
  }

  /// On a thread of its own, because no thread can take back that it stepped back.
  private func steppingBack(_ work: @escaping @Sendable () -> Void) {
    do throws(SystemError) {
      try SystemThread.spawn(name: "snapshot-write") {
        SystemThread.stepBack()
        work()
      }.join()
    } catch {
      work()
    }
  }

  private func write(_ job: SnapshotQueue.Job, _ cut: SnapshotCut) {
    health.begins(cut)
    pace = job.attempts == 0 ? BackgroundPace() : nil
    let began = SystemClock.monotonicNanos()
    switch job.purpose {
    case .snapshot: finish(job, began, snapshot(cut, job.mark))
    case .backup(let name): finish(job, began, backup(cut, job.mark, name))
    }
  }

  /// What a cut came to: where it stands, and its size; or what to tell who waits.
  enum Result {
    case written(LaneResult.Content, position: UInt64, byteCount: Int)
    case abandoned
    case failed(Status, String, field: String = "")
  }

  private func snapshot(_ cut: SnapshotCut, _ mark: SnapshotMark?) -> Result {
    do throws(SnapshotError) {
      let written = try writer.write(
        cut, wallMillis: clock.trustedMillis(), mark: mark, progress: progress)
      guard waitUntilDurable(written.position) else { throw .stopped }
      let removed = try writer.publish(
        written, released: journal.durablePosition.load(ordering: .acquiring),
        distrusted: distrusted)
      distrusted = []
      log.info(
        "snapshot at position \(written.position): \(written.byteCount) bytes; "
          + "\(removed.count) older files removed")
      return .written(
        .snapshot(position: written.position), position: written.position,
        byteCount: written.byteCount)
    } catch {
      switch error {
      case .abandoned: return .abandoned
      case .stopped: return .failed(.draining, "the daemon is stopping")
      case .diskFull: return .failed(.diskFull, error.description)
      case .misread, .failed: return .failed(.notDurable, error.description)
      }
    }
  }

  /// For writers: false stops them.
  func progress(_ done: Int, _ inAll: Int) -> Bool {
    health.note(pagesDone: done)
    if queue.isStopped { return false }
    pace?.rest()
    return !queue.isStopped
  }

  /// Nothing gets a name before a power cut would leave all that is in it.
  func waitUntilDurable(_ position: UInt64) -> Bool {
    #if PLANTED
      if planted(.publishedBeforeDurable) { return true }
    #endif
    while journal.durablePosition.load(ordering: .acquiring) < position {
      if queue.isStopped { return false }
      SystemClock.wait(millis: JournalLimits.durableLookMillis)
    }
    return true
  }

  private func finish(_ job: SnapshotQueue.Job, _ began: UInt64, _ result: Result) {
    switch result {
    case .written(let reply, let position, let byteCount):
      if job.purpose == .snapshot {
        let millis = (SystemClock.monotonicNanos() - began) / 1_000_000
        health.ended(position: position, byteCount: byteCount, tookMillis: millis)
      } else {
        health.ended()
      }
      queue.ended(job.purpose, byteCount: byteCount)
      answer(job, reply)
    case .abandoned where job.attempts + 1 < JournalLimits.cutAttemptsMax:
      var next = job
      next.attempts += 1
      let goesOn = queue.again(next)
      if !goesOn { health.ended() }
      queue.ended(job.purpose, byteCount: nil)
      if !goesOn { answer(job, Self.draining) }
    case .abandoned:
      fail(job, .busy, SnapshotError.abandoned.description, field: "")
    case .failed(let status, let reason, let field):
      fail(job, status, reason, field: field)
    }
  }

  private func fail(
    _ job: SnapshotQueue.Job, _ status: Status, _ reason: String, field: String
  ) {
    if job.purpose == .snapshot { health.failed(reason) } else { health.ended() }
    queue.ended(job.purpose, byteCount: nil)
    if status != .draining { log.error("no snapshot or backup: \(reason)") }
    answer(
      job,
      .failure(
        status, field: field, message: reason, retryAfterMillis: status == .busy ? 1_000 : 0))
  }

  /// The daemon stops: what was not begun is refused, what was begun is finished. Any thread.
  func drain() {
    for job in queue.drain() { answer(job, Self.draining) }
  }

  /// The drain has no more time for it: what was begun ends, and is answered like what was not.
  /// After `drain`. Any thread.
  func giveUp() {
    if queue.hasBegun { log.warning("stopping: the snapshot or backup under way is given up") }
    stop()
  }

  /// The thread ends as soon as it can: nothing that it does waits for others' sake any more. Any
  /// thread.
  func stop() {
    queue.stop()
    place.disk.hurry()
    backups?.hurry()
  }

  static let draining = LaneResult.Content.failure(
    .draining, field: "", message: "the daemon is stopping", retryAfterMillis: 0)

  private func answer(_ job: SnapshotQueue.Job, _ content: LaneResult.Content) {
    for waiter in job.waiters {
      var reply = [waiter]
      reply[0].outcome.content = content
      inboxes[Int(waiter.address.worker)].deliver(&reply)
    }
  }
}
