internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenStorage

/// What is to become of a cut.
enum SnapshotPurpose: Sendable, Equatable {
  case snapshot
  case backup(name: String)
}

/// Between the lane, which makes the cuts, and the thread that writes them: who waits for one, and
/// when one is due. One cut at a time.
final class SnapshotQueue: @unchecked Sendable {
  /// A cut with everybody who waits for it.
  struct Job: Sendable {
    var purpose: SnapshotPurpose
    var waiters: [LaneReply<LaneResult>] = []
    /// The journal's last batch before the cut; set when that is made.
    var mark: SnapshotMark?
    /// How often it was begun and given up.
    var attempts = 0
  }

  private let lock = PthreadMutex()
  private let notifier: EventNotifier
  // Guarded by `lock`.
  private var waiting: [Job] = []
  private var begun: (job: Job, cut: SnapshotCut)?
  private var isBusy = false
  private var isStopping = false
  private var isDraining = false
  private var wakeLane: @Sendable () -> Void = {}
  private var schedule: SnapshotSchedule

  private let journal: JournalHealth

  init(_ schedule: SnapshotSchedule, journal: JournalHealth) throws(SystemError) {
    self.schedule = schedule
    self.journal = journal
    notifier = try EventNotifier()
  }

  // MARK: The lane's side

  /// What becomes of a wish for a cut.
  enum Answer {
    case waits
    case tooMany
    case draining
  }

  /// Notes that somebody waits for a cut. Who asks for a snapshot while another waits for one gets
  /// the same.
  func ask(_ purpose: SnapshotPurpose, _ waiter: LaneReply<LaneResult>) -> Answer {
    lock.withLock {
      if isDraining { return .draining }
      if let place = waiting.firstIndex(where: { $0.purpose == purpose }), purpose == .snapshot {
        guard waiting[place].waiters.count < JournalLimits.jobCapacity else { return .tooMany }
        waiting[place].waiters.append(waiter)
        return .waits
      }
      guard waiting.count < JournalLimits.jobCapacity else { return .tooMany }
      waiting.append(Job(purpose: purpose, waiters: [waiter]))
      return .waits
    }
  }

  /// What makes the lane look again; set once, before it runs.
  func wakes(_ lane: @escaping @Sendable () -> Void) { lock.withLock { wakeLane = lane } }

  /// Makes a cut if one is wanted. Called by the lane between two turns; costs a lock.
  ///
  /// - Parameter afterCut: for tests: runs between the cut and what becomes of it.
  func lookAt(_ state: borrowing ServiceState, afterCut: () -> Void = {}) {
    let journalBytes = journal.appendedBytes.load(ordering: .relaxed)
    let isWanted = lock.withLock {
      if isBusy || isStopping || isDraining { return false }
      // What room is left on a full disk is the journal's.
      if waiting.isEmpty && journal.admission == .everything
        && schedule.isDue(position: state.position, journalBytes: journalBytes)
      {
        waiting.append(Job(purpose: .snapshot))
      }
      return !waiting.isEmpty
    }
    let mark = journal.lastBatch
    guard isWanted, let cut = state.beginSnapshot() else { return }
    afterCut()
    let isTaken = lock.withLock {
      // A drain may have sent home who waited.
      if waiting.isEmpty { return false }
      isBusy = true
      var job = waiting.removeFirst()
      job.mark = mark
      if job.purpose == .snapshot {
        schedule.began(position: cut.position, journalBytes: journalBytes)
      }
      begun = (job, cut)
      return true
    }
    if isTaken { notifier.notify() } else { cut.end() }
  }

  // MARK: The writing thread's side

  /// The next cut; waits for one. nil = stop.
  func next() -> (job: Job, cut: SnapshotCut)? {
    while true {
      let (taken, stopping) = lock.withLock { (begun.take(), isStopping) }
      if let taken { return taken }
      if stopping { return nil }
      _ = try? notifier.descriptor.poll(for: .readable, timeoutMillis: nil)
      _ = notifier.drain()
    }
  }

  /// Says how the cut ended, so that the next one may begin. `byteCount` nil = it failed.
  func ended(_ purpose: SnapshotPurpose, byteCount: Int?) {
    let (wake, isWanted) = lock.withLock {
      isBusy = false
      if purpose == .snapshot { schedule.ended(byteCount: byteCount) }
      return (wakeLane, !waiting.isEmpty)
    }
    if isWanted { wake() }
  }

  /// Begins the job again, before all others. False where nothing begins any more.
  func again(_ job: Job) -> Bool {
    lock.withLock {
      if isDraining { return false }
      waiting.insert(job, at: 0)
      return true
    }
  }

  /// From here on nothing begins.
  /// - Returns: who waits for what was not begun.
  func drain() -> [Job] {
    lock.withLock {
      isDraining = true
      defer { waiting = [] }
      return waiting
    }
  }

  /// Whether a cut was made and is not ended.
  var hasBegun: Bool { lock.withLock { isBusy } }

  var isStopped: Bool { lock.withLock { isStopping } }

  func stop() {
    lock.withLock { isStopping = true }
    notifier.notify()
  }
}
