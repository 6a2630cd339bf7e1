internal import LinuxIO

/// Connections that workers have closed, on their way to the acceptor, which counts them.
final class CloseReports: @unchecked Sendable {
  /// What the acceptor counts by.
  struct Closed: Sendable {
    let uid: UInt32
    let listener: UInt16
    let worker: UInt16
  }

  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var closed: [Closed] = []
  private var runningWorkers = 0
  private var failure: SystemError?
  let notifier: EventNotifier

  init() throws(SystemError) { notifier = try EventNotifier() }

  /// Hands over what was closed in a turn and leaves `batch` empty. The descriptors are free.
  func report(_ batch: inout [Closed]) {
    if batch.isEmpty { return }
    lock.withLock { closed.append(contentsOf: batch) }
    batch.removeAll(keepingCapacity: true)
    notifier.notify()
  }

  /// Takes everything that was reported.
  func take() -> [Closed] {
    lock.withLock {
      defer { closed.removeAll() }
      return closed
    }
  }

  /// A worker thread was started.
  func workerStarted() { lock.withLock { runningWorkers += 1 } }

  /// A worker thread ends; with an error when it could not go on.
  func workerEnded(_ error: SystemError?) {
    lock.withLock {
      runningWorkers -= 1
      if failure == nil { failure = error }
    }
    notifier.notify()
  }

  /// Workers that have started and not ended.
  var workerCount: Int { lock.withLock { runningWorkers } }

  /// Why the first worker that failed did.
  var workerFailure: SystemError? { lock.withLock { failure } }
}
