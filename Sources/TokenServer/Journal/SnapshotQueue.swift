internal import LinuxIO
internal import Synchronization
internal import TokenCore

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
  private var schedule: SnapshotSchedule

  /// Different cuts that may be asked for at once.
  static let jobCapacity = 16

  private let journal: JournalHealth

  init(_ schedule: SnapshotSchedule, journal: JournalHealth) throws(SystemError) {
    self.schedule = schedule
    self.journal = journal
    notifier = try EventNotifier()
  }

  // MARK: The lane's side

  /// Notes that somebody waits for a cut; false where too many do. Who asks for a snapshot while
  /// another waits for one gets the same.
  func ask(_ purpose: SnapshotPurpose, _ waiter: LaneReply<LaneResult>) -> Bool {
    lock.withLock {
      if let place = waiting.firstIndex(where: { $0.purpose == purpose }), purpose == .snapshot {
        guard waiting[place].waiters.count < Self.jobCapacity else { return false }
        waiting[place].waiters.append(waiter)
        return true
      }
      guard waiting.count < Self.jobCapacity else { return false }
      waiting.append(Job(purpose: purpose, waiters: [waiter]))
      return true
    }
  }

  /// Makes a cut if one is wanted. Called by the lane between two turns; costs a lock.
  func lookAt(_ state: borrowing ServiceState) {
    let journalBytes = journal.appendedBytes.load(ordering: .relaxed)
    let isWanted = lock.withLock {
      if isBusy || isStopping { return false }
      if waiting.isEmpty && schedule.isDue(position: state.position, journalBytes: journalBytes) {
        waiting.append(Job(purpose: .snapshot))
      }
      return !waiting.isEmpty
    }
    guard isWanted, let cut = state.beginSnapshot() else { return }
    lock.withLock {
      isBusy = true
      let job = waiting.removeFirst()
      if job.purpose == .snapshot {
        schedule.began(position: cut.position, journalBytes: journalBytes)
      }
      begun = (job, cut)
    }
    notifier.notify()
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
    lock.withLock {
      isBusy = false
      if purpose == .snapshot { schedule.ended(byteCount: byteCount) }
    }
  }

  /// Begins the job again, before all others.
  func again(_ job: Job) {
    lock.withLock { waiting.insert(job, at: 0) }
  }

  var isStopped: Bool { lock.withLock { isStopping } }

  func stop() {
    lock.withLock { isStopping = true }
    notifier.notify()
  }
}
