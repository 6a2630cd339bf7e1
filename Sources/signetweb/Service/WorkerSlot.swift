internal import LinuxIO

/// One request on its way to a worker.
struct WebJob: Sendable {
  /// The connection that waits for the answer.
  let connection: EventTag
  let request: AssembledRequest
}

/// One answer on its way back.
struct WebAnswer: Sendable {
  let connection: EventTag
  let requestID: UInt16
  let serial: UInt64
  let output: [UInt8]
  /// Which worker is idle now.
  let worker: Int
}

/// Where a worker finds its next request. The loop gives one only to an idle worker, so one place
/// is enough.
final class WorkerSlot: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var job: WebJob?
  private var isStopped = false
  private let notifier: EventNotifier

  init() throws(SystemError) { notifier = try EventNotifier() }

  /// Gives the worker its next request.
  func give(_ job: WebJob) {
    lock.withLock {
      precondition(self.job == nil, "a worker gets one request at a time")
      self.job = job
    }
    notifier.notify()
  }

  /// No more requests: the worker ends after the one that it has.
  func stop() {
    lock.withLock { isStopped = true }
    notifier.notify()
  }

  /// Waits for the next request; nil when there will be none.
  func next() -> WebJob? {
    while true {
      notifier.drain()
      let (job, isStopped) = lock.withLock {
        defer { self.job = nil }
        return (self.job, self.isStopped)
      }
      if let job { return job }
      if isStopped { return nil }
      do throws(SystemError) {
        _ = try notifier.descriptor.poll(for: .readable, timeoutMillis: nil)
      } catch {
        fatalError("waiting for a request: \(error)")
      }
    }
  }
}

/// Answers of all workers, for the loop.
final class AnswerBox: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var answers: [WebAnswer] = []
  let notifier: EventNotifier

  init() throws(SystemError) { notifier = try EventNotifier() }

  func put(_ answer: WebAnswer) {
    lock.withLock { answers.append(answer) }
    notifier.notify()
  }

  /// Takes everything that is there.
  func take() -> [WebAnswer] {
    lock.withLock {
      defer { answers.removeAll() }
      return answers
    }
  }
}
