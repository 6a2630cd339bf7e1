internal import LinuxIO
internal import Synchronization
internal import TokenStorage

/// The thread that makes the next segment ahead of need: zeros of its whole size, synced, so that
/// neither the time nor a full disk meets a batch. When nothing is asked of it, it gives back what
/// segments of earlier starts took and never needed.
final class SegmentPreparer: @unchecked Sendable {
  private let disk: any Disk
  private let options: JournalOptions
  /// Of the segments before this start's own.
  private let rest: SegmentRest
  private let deliver: @Sendable (JournalQueue.Preparation) -> Void
  /// Whether the journal waits for what is being made.
  private let isUrgent = Atomic<Bool>(false)
  private let lock = PthreadMutex()
  private let notifier: EventNotifier
  // Guarded by `lock`.
  private var isWanted = false
  private var isStopping = false

  init(
    _ disk: any Disk, _ options: JournalOptions, ended: [SegmentSummary] = [],
    deliver: @escaping @Sendable (JournalQueue.Preparation) -> Void
  ) throws(SystemError) {
    self.disk = disk
    self.options = options
    rest = SegmentRest(ended)
    self.deliver = deliver
    notifier = try EventNotifier()
  }

  /// Asks for a segment; asking again before it is delivered changes nothing.
  func ask() {
    let isNew = lock.withLock {
      defer { isWanted = true }
      return !isWanted
    }
    if isNew { notifier.notify() }
  }

  /// The journal waits for the segment that was asked for: it is made without a rest. Any thread.
  func hurry() { isUrgent.store(true, ordering: .relaxed) }

  func stop() {
    lock.withLock { isStopping = true }
    hurry()
    notifier.notify()
  }

  /// The body of the thread.
  func run() {
    // A segment is asked for long before it is needed, the first one while a start wants to answer.
    SystemThread.stepBack()
    var rest = rest
    while true {
      let (wanted, stopping) = lock.withLock { (isWanted, isStopping) }
      if stopping { return }
      guard wanted else {
        let isMore = rest.releaseNext(disk)
        _ = try? notifier.descriptor.poll(for: .readable, timeoutMillis: isMore ? 1 : nil)
        _ = notifier.drain()
        continue
      }
      let preparation = prepare()
      lock.withLock { isWanted = false }
      isUrgent.store(false, ordering: .relaxed)
      deliver(preparation)
    }
  }

  private func prepare() -> JournalQueue.Preparation {
    do throws(SystemError) {
      var pace = BackgroundPace()
      return .segment(
        try PreparedSegment.make(
          disk, options,
          afterPiece: {
            if !isUrgent.load(ordering: .relaxed) { pace.rest() }
          }))
    } catch {
      return .failed(error)
    }
  }
}
