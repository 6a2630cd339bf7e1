internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenStorage

/// The thread that puts what the lane decided on the disk, one batch at a time, and only then lets
/// the replies go.
///
/// While a batch is being written the lane goes on, and the next batch takes all that has gathered:
/// group commit. Nothing is published here but `released`, so nothing can be overwritten later.
final class JournalThread: @unchecked Sendable {
  private let queue: JournalQueue
  private let health: JournalHealth
  private let preparer: SegmentPreparer
  private let gates: Gates
  private let inboxes: [WorkerInbox<LaneResult>]
  private let settings: JournalSettings
  private let clock: SharedClock
  private let log: Log
  private let stopProcess: @Sendable (String) -> Void

  // The thread's own.
  /// What is to be written next; more than one only while nothing can be written.
  private var batches: [PendingBatch] = []
  /// An empty one with the memory of one that was written: the next batch goes into it.
  private var spare = CommitBatch()
  /// Turns whose position is not durable yet, in order.
  private var waiting: [LaneTurn] = []
  private var isDiskFull = false
  private var isSegmentAsked = false
  /// Since when something is written and not synced; nil = nothing is.
  private var unsyncedSinceMillis: UInt64?
  private var askedAtMillis: UInt64 = 0
  private var reserveTriedAtMillis: UInt64 = 0
  private var groupCommit = GroupCommit()

  init(
    queue: JournalQueue, health: JournalHealth, preparer: SegmentPreparer, gates: Gates,
    inboxes: [WorkerInbox<LaneResult>], settings: JournalSettings,
    clock: SharedClock, log: Log,
    stopProcess: @escaping @Sendable (String) -> Void
  ) {
    self.queue = queue
    self.health = health
    self.preparer = preparer
    self.gates = gates
    self.inboxes = inboxes
    self.settings = settings
    self.clock = clock
    self.log = log
    self.stopProcess = stopProcess
  }

  /// The body of the thread: until the order to stop and everything written, or the first error.
  func run(_ writer: consuming JournalWriter) {
    var writer = writer
    health.durablePosition.store(writer.durablePosition, ordering: .releasing)
    if writer.isDiskFull { noteDiskFull() }
    do throws(JournalError) {
      var isIdle = false
      while true {
        askForSegment(writer)
        groupCommit.gather(queue)
        let content = queue.take()
        if let preparation = content.preparation { take(preparation, &writer) }
        for turn in content.turns { gather(turn) }
        let count = batches.reduce(0) { $0 + $1.commits.commitCount }
        let began = SystemClock.monotonicNanos()
        try writeGathered(&writer)
        if count > 0 {
          groupCommit.note(count: count, nanos: SystemClock.monotonicNanos() - began)
        }
        if !content.turns.isEmpty {
          isIdle = false
          continue
        }
        if content.isStopping { break }
        try rest(&writer, &isIdle)
      }
      guard batches.isEmpty else { return failWithKeptCommits() }
      try watched { () throws(JournalError) in try writer.seal(wallMillis: clock.trustedMillis()) }
    } catch {
      fail(error)
    }
  }

  /// Nothing to write: after a while the last batch is noted as durable, then the thread sleeps.
  private func rest(
    _ writer: inout JournalWriter, _ isIdle: inout Bool
  ) throws(JournalError) {
    queue.wait(timeoutMillis: isIdle ? Int32(JournalLimits.retryMillis) : settings.idleMillis)
    guard queue.isEmpty else { return }
    groupCommit = GroupCommit()
    try watched { () throws(JournalError) in
      try writer.noteIdle(wallMillis: clock.trustedMillis())
    }
    if !isIdle {
      noteSynced(writer)
      isIdle = true
    }
    try admitAgain(&writer)
    if !isDiskFull {
      _ = try restoreReserve(&writer, everyMillis: JournalLimits.reserveRetryMillis)
    }
  }

  // MARK: Batches

  private func gather(_ turn: LaneTurn) {
    for commit in turn.commits {
      if batches.isEmpty || batches[batches.count - 1].commits.byteCount >= settings.batchBytes {
        batches.append(PendingBatch(commits: spare))
        spare = CommitBatch()
      }
      batches[batches.count - 1].commits.add(commit.effects, at: commit.position)
      if turn.needsSync { batches[batches.count - 1].needsSync = true }
    }
    waiting.append(turn)
    #if PLANTED
      if planted(.refusalsNotHeld) { inboxes.deliver(waiting[waiting.count - 1].takeRefusals()) }
    #endif
  }

  private func writeGathered(_ writer: inout JournalWriter) throws(JournalError) {
    var done = 0
    defer { removeFirst(done) }
    while done < batches.count {
      try waitForSegment(&writer, batches[done].commits)
      #if PLANTED
        if planted(.releasedBeforeWritten) { release(to: batches[done].commits.lastPosition) }
      #endif
      guard try write(batches[done], &writer) else { break }
      done += 1
      release(to: writer.lastPosition)
    }
    if done == batches.count {
      release(to: writer.lastPosition)
      try syncInTime(&writer)
      if isDiskFull {
        health.keptBytes.store(0, ordering: .relaxed)
        health.state(admissionWhenFull)
      }
      try admitAgain(&writer)
    } else {
      answerWithoutJournal(batches[done...].reduce(0) { $0 + $1.commits.byteCount })
    }
  }

  private func removeFirst(_ done: Int) {
    guard done > 0 else { return }
    spare = batches[0].commits
    batches.removeFirst(done)
    spare.removeAll()
  }

  /// False when there is no room for it, not even in the reserve.
  private func write(
    _ batch: PendingBatch, _ writer: inout JournalWriter
  ) throws(JournalError) -> Bool {
    do throws(JournalError) {
      do throws(JournalError) {
        try append(batch, isDiskFull ? .denials : .any, &writer)
      } catch .diskFull where !isDiskFull {
        noteDiskFull()
        // The few grants that were decided before this was known go into the reserve too.
        try append(batch, .denials, &writer)
      }
    } catch .diskFull {
      return false
    }
    health.note(
      writer.lastBatch, JournalWriter.extentBytes(of: batch.commits),
      isInReserve: writer.isInReserve)
    return true
  }

  private func append(
    _ batch: PendingBatch, _ purpose: BatchPurpose, _ writer: inout JournalWriter
  ) throws(JournalError) {
    let needsSync = settings.needsSync(batch)
    try watched { () throws(JournalError) in
      _ = try writer.append(
        batch.commits, purpose, sync: needsSync, wallMillis: clock.trustedMillis())
    }
    if needsSync {
      noteSynced(writer)
    } else if unsyncedSinceMillis == nil {
      unsyncedSinceMillis = nowMillis()
    }
  }

  /// Puts on the disk what a relaxed policy left behind for long enough.
  private func syncInTime(_ writer: inout JournalWriter) throws(JournalError) {
    guard let since = unsyncedSinceMillis, nowMillis() - since >= settings.syncIntervalMillis
    else { return }
    try watched { () throws(JournalError) in _ = try writer.sync() }
    noteSynced(writer)
  }

  private func noteSynced(_ writer: borrowing JournalWriter) {
    unsyncedSinceMillis = nil
    health.durablePosition.store(writer.durablePosition, ordering: .releasing)
  }

  /// A step that may hang with the disk: the lane sees how long it takes.
  @discardableResult
  private func watched<Result, Failure: Error>(
    _ step: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    health.writeBegins()
    defer { health.writeEnded() }
    return try step()
  }

  /// Everything decided at or before the position is durable: it validates, and it is answered.
  private func release(to position: UInt64) {
    gates.raiseReleased(to: validating(position))
    var done = 0
    while done < waiting.count && waiting[done].position <= position {
      inboxes.deliver(waiting[done].replies)
      done += 1
    }
    waiting.removeFirst(done)
  }

  /// What validates once all up to the position is durable: exactly that.
  private func validating(_ position: UInt64) -> UInt64 {
    #if PLANTED
      if planted(.releasedOneShort) { return position - 1 }
    #endif
    return position
  }

  // MARK: A full disk

  private func noteDiskFull() {
    isDiskFull = true
    health.state(admissionWhenFull)
    log.error(
      "the disk is full: grants are refused; revocations go to the reserve; free space in the data "
        + "directory, and the service goes on by itself")
  }

  private var admissionWhenFull: Admission {
    #if PLANTED
      if planted(.grantsOnAFullDisk) { return .everything }
    #endif
    return .denialsOnly
  }

  /// Ends the time of a full disk once there is a segment, and a reserve for the next time.
  private func admitAgain(_ writer: inout JournalWriter) throws(JournalError) {
    guard isDiskFull, !writer.isDiskFull else { return }
    try watched { () throws(JournalError) in
      try writer.leaveReserve(wallMillis: clock.trustedMillis())
    }
    guard try restoreReserve(&writer, everyMillis: JournalLimits.retryMillis) else { return }
    isDiskFull = false
    health.isInReserve.store(false, ordering: .relaxed)
    health.keptBytes.store(0, ordering: .relaxed)
    health.state(.everything)
    log.notice("there is room on the disk again: everything is accepted")
  }

  /// Makes the reserve where there is to be one and is none, tried not more often than told. False
  /// where there is still none.
  private func restoreReserve(
    _ writer: inout JournalWriter, everyMillis: UInt64
  ) throws(JournalError) -> Bool {
    if !settings.hasReserve || writer.hasReserve { return true }
    let now = nowMillis()
    guard now - reserveTriedAtMillis >= everyMillis else { return false }
    reserveTriedAtMillis = now
    return try watched { () throws(JournalError) in try writer.restoreReserve() }
  }

  /// The reserve is spent. What was committed holds in memory and its replies say that it is not
  /// durable; it is written when there is room.
  private func answerWithoutJournal(_ keptBytes: Int) {
    health.keptBytes.store(keptBytes, ordering: .relaxed)
    health.state(keptBytes > JournalLimits.keptBytesMax ? .nothing : .denialsOnly)
    #if PLANTED
      if planted(.keptInMemorySaidDurable) { return release(to: .max) }
    #endif
    for turn in waiting where !turn.replies.isEmpty { inboxes.deliver(turn.notDurable().replies) }
    waiting.removeAll(keepingCapacity: true)
  }

  // MARK: Segments

  /// Asks for the next segment; while the disk is full, once in a while.
  private func askForSegment(_ writer: borrowing JournalWriter) {
    guard writer.needsPreparedSegment, !isSegmentAsked else { return }
    let now = nowMillis()
    if writer.isDiskFull && now - askedAtMillis < JournalLimits.retryMillis { return }
    isSegmentAsked = true
    askedAtMillis = now
    preparer.ask()
  }

  private func nowMillis() -> UInt64 { SystemClock.monotonicNanos() / 1_000_000 }

  private func take(_ preparation: JournalQueue.Preparation, _ writer: inout JournalWriter) {
    isSegmentAsked = false
    switch preparation {
    case .segment(let segment): writer.install(segment)
    case .failed(let error) where error.isNoSpace: writer.noteDiskFull()
    case .failed(let error): writer.fail(error)
    }
  }

  /// A segment is never prepared on this thread: another may be at it. Returns when there is room
  /// for the batch, or no segment to be had.
  private func waitForSegment(
    _ writer: inout JournalWriter, _ batch: CommitBatch
  ) throws(JournalError) {
    guard lacksSegment(writer, batch) else { return }
    watched {
      while lacksSegment(writer, batch) {
        if let preparation = queue.takePreparation() {
          take(preparation, &writer)
          continue
        }
        askForSegment(writer)
        preparer.hurry()
        queue.wait(timeoutMillis: Int32(JournalLimits.retryMillis))
      }
    }
    if let failure = writer.failure { throw failure }
  }

  /// Whether the batch needs a segment that may still come.
  private func lacksSegment(_ writer: borrowing JournalWriter, _ batch: CommitBatch) -> Bool {
    !writer.hasRoom(for: batch) && writer.needsPreparedSegment && !writer.isDiskFull
  }

  /// The order to stop came while neither the disk nor the reserve had room.
  private func failWithKeptCommits() {
    let byteCount = batches.reduce(0) { $0 + $1.commits.byteCount }
    stopProcess(
      "stopped with \(byteCount) bytes of revocations that were never written, as their replies "
        + "said; the disk is full: free space in the data directory, start again and repeat them")
  }

  /// Stops the process: nothing that waits is ever acknowledged.
  private func fail(_ error: JournalError) {
    #if PLANTED
      if planted(.answersAfterAnError) { release(to: .max) }
    #endif
    stopProcess("\(error); nothing was acknowledged after it; start again, and recovery decides")
  }
}

/// Commits that are to be written together.
struct PendingBatch {
  var commits = CommitBatch()
  /// One of them is more than an issuance.
  var needsSync = false
}
