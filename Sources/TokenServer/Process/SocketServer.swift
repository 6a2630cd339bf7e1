public import LinuxIO

/// A service that is up: what the workers need of it.
public struct RunningService<Dispatcher: FrameDispatcher & ~Copyable>: Sendable {
  public let facts: ServiceFacts
  /// Makes one worker's dispatcher, on that worker's thread.
  public let makeDispatcher: @Sendable (_ worker: Int) -> Dispatcher
  /// Called when draining begins: long work that was not begun is refused.
  public let drain: @Sendable () -> Void
  /// Called once when draining has taken three quarters of its time: long work is given up, and who
  /// waits for it is told so.
  public let giveUp: @Sendable () -> Void
  /// Ends the service. Called once, when no worker runs any more.
  public let stop: @Sendable () -> Void

  public init(
    facts: ServiceFacts, makeDispatcher: @escaping @Sendable (_ worker: Int) -> Dispatcher,
    drain: @escaping @Sendable () -> Void = {}, giveUp: @escaping @Sendable () -> Void = {},
    stop: @escaping @Sendable () -> Void
  ) {
    self.facts = facts
    self.makeDispatcher = makeDispatcher
    self.drain = drain
    self.giveUp = giveUp
    self.stop = stop
  }
}

/// The order to stop, for another thread than the one that serves.
public final class DrainSwitch: Sendable {
  let notifier: EventNotifier

  public init() throws(SystemError) { notifier = try EventNotifier() }

  /// Like SIGTERM: the first drains, the second stops at once.
  public func drain() { notifier.notify() }
}

/// Sockets, acceptor and workers of a running daemon.
struct SocketServer<Dispatcher: FrameDispatcher & ~Copyable>: ~Copyable {
  private let inboxes: [WorkerInbox<Dispatcher.Outcome>]
  private let closeReports: CloseReports
  private let clock: LoopClock
  private let log: Log
  private let drainTimeoutMillis: UInt64
  private let context: LoopContext
  private let service: RunningService<Dispatcher>
  private let epoll: Epoll
  private var acceptor: Acceptor
  private var events = ReadyEvents(capacity: 64)
  /// nil while serving.
  private var drainTimes: DrainTimes?
  private var isStopped = false

  private static var signalTag: EventTag { EventTag(slot: .max, generation: 0) }
  private static var reportTag: EventTag { EventTag(slot: .max - 1, generation: 0) }
  private static var switchTag: EventTag { EventTag(slot: .max - 2, generation: 0) }

  init(
    sockets: [ServerSocket], rights: RightsTable, limits: ServerLimits, settings: LoopSettings,
    inboxes: [WorkerInbox<Dispatcher.Outcome>], service: RunningService<Dispatcher>,
    clock: LoopClock, log: Log
  ) throws(SystemError) {
    let closeReports = try CloseReports()
    let epoll = try Epoll()
    let acceptor = try Acceptor(sockets: sockets, rights: rights, limits: limits, log: log)
    self.epoll = epoll
    self.acceptor = acceptor
    self.closeReports = closeReports
    self.inboxes = inboxes
    self.clock = clock
    self.log = log
    drainTimeoutMillis = UInt64(limits.drainTimeoutSeconds) * 1_000
    self.service = service
    context = LoopContext(
      settings: settings, facts: service.facts,
      listeners: ListenerTable(sockets.map(\.configuration)), closeReports: closeReports,
      clock: clock, log: log)
  }

  private func startWorkers() {
    let (context, service) = (context, service)
    for (index, inbox) in inboxes.enumerated() {
      closeReports.workerStarted()
      do throws(SystemError) {
        // Detached: `run` waits for the reports that workers end with.
        _ = try SystemThread.spawn(name: "worker-\(index)") {
          Self.runWorker(index, inbox, context, service)
        }
      } catch {
        closeReports.workerEnded(error)
        return
      }
    }
  }

  private static func runWorker(
    _ index: Int, _ inbox: WorkerInbox<Dispatcher.Outcome>, _ context: LoopContext,
    _ service: RunningService<Dispatcher>
  ) {
    var failure: SystemError?
    do throws(SystemError) {
      var loop = WorkerLoop(
        index: UInt16(index), inbox: inbox, context: context,
        dispatcher: service.makeDispatcher(index))
      try loop.run()
    } catch {
      failure = error
    }
    context.closeReports.workerEnded(failure)
  }

  /// Starts one thread a worker and serves until a signal or the switch ends it; then drains.
  mutating func run(
    signals: borrowing SignalSource, drainSwitch: borrowing EventNotifier
  ) throws(SystemError) -> ExitCode {
    try epoll.add(signals.descriptor, tag: Self.signalTag, interest: .read)
    try epoll.add(closeReports.notifier.descriptor, tag: Self.reportTag, interest: .read)
    try epoll.add(drainSwitch.descriptor, tag: Self.switchTag, interest: .read)
    startWorkers()
    try acceptor.arm(epoll)
    while closeReports.workerCount > 0 {
      let count = try epoll.wait(timeoutMillis: timeoutMillis(), into: &events)
      for index in 0..<count {
        let event = events[index]
        switch event.tag {
        case Self.signalTag:
          while let signal = try signals.next() { try take(signal) }
        case Self.reportTag:
          closeReports.notifier.drain()
        case Self.switchTag:
          drainSwitch.drain()
          try drain("asked to stop")
        default:
          try accept(Int(event.tag.slot))
        }
      }
      let closed = closeReports.take()
      acceptor.release(closed)
      // Only a closed connection, or time, can have brought descriptors back.
      let mayHelp = !closed.isEmpty || count == 0
      if mayHelp && drainTimes == nil { try acceptor.arm(epoll) }
      try checkProgress()
    }
    return exitCode()
  }

  private func timeoutMillis() -> Int32? {
    if let drainTimes { return drainTimes.waitMillis(nowMillis: clock.nowMillis()) }
    return acceptor.isArmed ? nil : 1_000
  }

  private mutating func accept(_ listener: Int) throws(SystemError) {
    // An event of the batch in which the listeners went.
    guard acceptor.isArmed else { return }
    let inboxes = inboxes
    let goesOn = acceptor.accept(listener) { worker, connection in
      inboxes[worker].hand(connection)
    }
    if !goesOn { try acceptor.disarm(epoll) }
  }

  private mutating func take(_ signal: Signal) throws(SystemError) {
    switch signal {
    case .terminate: try drain("SIGTERM")
    case .interrupt: try drain("SIGINT")
    case .hangup:
      log.warning("SIGHUP ignored: settings are read at start only; restart to change them")
    default: break
    }
  }

  private mutating func drain(_ reason: String) throws(SystemError) {
    if drainTimes != nil {
      log.warning("\(reason) again: stopping at once")
      return stop()
    }
    log.info("\(reason): answering what was accepted, then stopping")
    drainTimes = DrainTimes(nowMillis: clock.nowMillis(), timeoutMillis: drainTimeoutMillis)
    let inboxes = inboxes
    try acceptor.close(epoll) { worker, connection in inboxes[worker].hand(connection) }
    for inbox in inboxes { inbox.give(.drain) }
    service.drain()
  }

  private mutating func stop() {
    isStopped = true
    for inbox in inboxes { inbox.give(.stop) }
  }

  /// Stops when the drain takes too long, or when a worker cannot go on: the others alone would
  /// serve a part of the connections and look healthy.
  private mutating func checkProgress() throws(SystemError) {
    if isStopped { return }
    if closeReports.workerFailure != nil { return stop() }
    guard closeReports.workerCount > 0 else { return }
    switch drainTimes?.step(nowMillis: clock.nowMillis()) {
    case .giveUp: service.giveUp()
    case .stop:
      log.warning("drain timeout: \(acceptor.count) connections were still owed an answer")
      stop()
    case .wait, nil: break
    }
  }

  private func exitCode() -> ExitCode {
    if let failure = closeReports.workerFailure {
      log.error("a worker stopped: \(failure)")
      return .system
    }
    return isStopped ? .drainTimedOut : .ok
  }
}
