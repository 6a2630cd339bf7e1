internal import LinuxIO
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

  func stop() {
    lock.withLock { isStopping = true }
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
      deliver(preparation)
    }
  }

  private func prepare() -> JournalQueue.Preparation {
    do throws(SystemError) {
      return .segment(try PreparedSegment.make(disk, options))
    } catch {
      return .failed(error)
    }
  }
}
