internal import LinuxIO

/// The worker threads, and which of them are idle. The loop's; it gives out requests in the order
/// in which they came.
struct WorkerPool: ~Copyable {
  let answers: AnswerBox
  private let slots: [WorkerSlot]
  private var idle: [Int]
  private var waiting: [WebJob] = []
  private(set) var busyCount = 0

  /// Starts the threads.
  init(
    _ configuration: WebConfiguration, _ formTokens: FormTokens, _ rights: ServiceRights,
    _ log: WebLog
  ) throws(SystemError) {
    let answers = try AnswerBox()
    var slots: [WorkerSlot] = []
    for index in 0..<configuration.workers {
      let slot = try WorkerSlot()
      slots.append(slot)
      _ = try SystemThread.spawn(name: "web-\(index)") {
        var worker = WebWorker(
          configuration: configuration, formTokens: formTokens, log: log, rights: rights)
        while let job = slot.next() {
          answers.put(Self.answer(job, index, &worker))
        }
      }
    }
    self.answers = answers
    self.slots = slots
    idle = Array(slots.indices)
  }

  /// Requests that wait or are being answered.
  var inFlightCount: Int { waiting.count + busyCount }

  /// Takes a request; false when too many wait already.
  mutating func take(_ job: WebJob) -> Bool {
    if inFlightCount >= WebLimits.requestsInFlight { return false }
    waiting.append(job)
    hand()
    return true
  }

  /// Forgets a request that still waits; one with a worker is answered into the void.
  mutating func drop(_ connection: EventTag, serial: UInt64) {
    waiting.removeAll { $0.connection == connection && $0.request.serial == serial }
  }

  /// Forgets what a closed connection had waiting.
  mutating func drop(_ connection: EventTag) {
    waiting.removeAll { $0.connection == connection }
  }

  /// Takes the answers that are there, and gives their workers the next requests.
  mutating func takeAnswers() -> [WebAnswer] {
    answers.notifier.drain()
    let taken = answers.take()
    for answer in taken {
      idle.append(answer.worker)
      busyCount -= 1
    }
    hand()
    return taken
  }

  /// Lets every thread end.
  func stop() {
    for slot in slots { slot.stop() }
  }

  private mutating func hand() {
    let count = min(idle.count, waiting.count)
    for job in waiting.prefix(count) {
      slots[idle.removeLast()].give(job)
      busyCount += 1
    }
    waiting.removeFirst(count)
  }

  private static func answer(
    _ job: WebJob, _ index: Int, _ worker: inout WebWorker
  ) -> WebAnswer {
    var response: WebResponse
    var isHead = false
    do throws(WebRequest.Fault) {
      let request = try WebRequest(job.request, worker.configuration)
      isHead = request.method == .head
      response = Router.respond(request, &worker)
    } catch {
      worker.log.warning("a request of the web server is refused: \(error.message)")
      response = .text(400, error.message)
    }
    return WebAnswer(
      connection: job.connection, requestID: job.request.requestID, serial: job.request.serial,
      output: CGIOutput.bytes(response, isHead: isHead), worker: index)
  }
}
