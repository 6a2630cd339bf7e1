internal import LinuxIO

/// The thread that speaks with the web server: accepts, reads, hands requests to workers, writes
/// their answers. Nothing in it waits but `epoll_wait`.
struct WebServerLoop: ~Copyable {
  // Nil from the moment of stopping on: who connects then is refused, not left waiting.
  private var listener: UnixListener?
  private let allowedUserIDs: Set<UInt32>
  private let log: WebLog
  private let epoll: Epoll
  private var pool: WorkerPool
  private var spare: SpareDescriptor
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []
  private var connectionCount = 0
  private var isListening = false
  private var events = ReadyEvents(capacity: 128)
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  /// When draining has to be over; nil while serving.
  private var drainDeadline: UInt64?
  private var isStopped = false

  private struct Slot {
    var generation: UInt32 = 0
    var connection: WebServerConnection?
  }

  private static var listenerTag: EventTag { EventTag(slot: .max, generation: 0) }
  private static var signalTag: EventTag { EventTag(slot: .max - 1, generation: 0) }
  private static var answerTag: EventTag { EventTag(slot: .max - 2, generation: 0) }

  init(
    _ listener: consuming UnixListener, _ allowedUserIDs: Set<UInt32>, _ pool: consuming WorkerPool,
    _ log: WebLog
  ) throws(SystemError) {
    let epoll = try Epoll()
    let spare = try SpareDescriptor()
    self.epoll = epoll
    self.spare = spare
    self.listener = consume listener
    self.allowedUserIDs = allowedUserIDs
    self.pool = consume pool
    self.log = log
  }

  /// Serves until a signal ends it. True when everything accepted was answered.
  mutating func run(_ signals: borrowing SignalSource) throws(SystemError) -> Bool {
    try epoll.add(signals.descriptor, tag: Self.signalTag, interest: .read)
    try epoll.add(pool.answers.notifier.descriptor, tag: Self.answerTag, interest: .read)
    try listen(true)
    while !isStopped && (drainDeadline == nil || connectionCount > 0) {
      let count = try epoll.wait(timeoutMillis: timeoutMillis(), into: &events)
      for index in 0..<count {
        let event = events[index]
        switch event.tag {
        case Self.listenerTag: try accept()
        case Self.signalTag: while let signal = try signals.next() { try take(signal) }
        case Self.answerTag: try takeAnswers()
        default: try serve(event)
        }
      }
      try closeStalled()
      try checkDrain()
    }
    pool.stop()
    return connectionCount == 0
  }

  private var nowMillis: UInt64 { SystemClock.monotonicNanos() / 1_000_000 }

  /// A second while a peer owes something or time has to pass, else for ever.
  private func timeoutMillis() -> Int32? {
    let isTimed =
      drainDeadline != nil || !isListening
      || slots.contains { $0.connection?.deadlineMillis != nil }
    return isTimed ? 1_000 : nil
  }

  // MARK: Connections

  private mutating func listen(_ isOn: Bool) throws(SystemError) {
    if isOn == isListening { return }
    switch listener {
    case .none: return
    case .some(let listener):
      if isOn {
        spare.refill()
        try epoll.add(listener.descriptor, tag: Self.listenerTag, interest: .read)
      } else {
        try epoll.remove(listener.descriptor)
      }
    }
    isListening = isOn
  }

  private mutating func accept() throws(SystemError) {
    for _ in 0..<64 where isListening {
      switch listener?.accept() {
      case .accepted(let accepted): try admit(accepted.descriptor, accepted.peer)
      case .wouldBlock: return
      case nil: return
      case .transient(let errno): log.debug("accept: \(errno)")
      case .descriptorsExhausted(let errno):
        log.error(
          "accept: \(errno); accepting nobody for a second; raise the limit of open files")
        shedOne()
        try listen(false)
      }
    }
  }

  /// Closes who waits longest, so that it sees a closed connection in place of silence.
  private mutating func shedOne() {
    switch listener {
    case .none: return
    case .some(let listener): _ = spare.shedOne(from: listener)
    }
  }

  private mutating func admit(
    _ descriptor: consuming FileDescriptor, _ peer: PeerCredentials
  ) throws(SystemError) {
    guard allowedUserIDs.contains(peer.uid) else {
      return log.warning(
        "connection of uid \(peer.uid) refused; web-server-uid = \(peer.uid) would allow it")
    }
    guard connectionCount < WebLimits.connections else {
      return log.warning("a connection more than \(WebLimits.connections) refused")
    }
    let slot = freeSlots.popLast() ?? UInt32(slots.count)
    if Int(slot) == slots.count { slots.append(Slot()) }
    let tag = EventTag(slot: slot, generation: slots[Int(slot)].generation)
    let connection = WebServerConnection(descriptor, tag)
    try epoll.add(connection.descriptor, tag: tag, interest: .read)
    slots[Int(slot)].connection = connection
    connectionCount += 1
  }

  private func connection(_ tag: EventTag) -> WebServerConnection? {
    guard Int(tag.slot) < slots.count else { return nil }
    let slot = slots[Int(tag.slot)]
    return tag.isCurrent(slot.generation) ? slot.connection : nil
  }

  private mutating func close(_ connection: WebServerConnection) {
    let slot = Int(connection.tag.slot)
    pool.drop(connection.tag)
    // The descriptor closes with the last reference, which leaves epoll.
    slots[slot].connection = nil
    slots[slot].generation &+= 1
    freeSlots.append(connection.tag.slot)
    connectionCount -= 1
  }

  // MARK: Requests

  private mutating func serve(_ event: ReadyEvent) throws(SystemError) {
    guard let connection = connection(event.tag) else { return }
    var isAlive = true
    // Where reads are paused a hangup still shows; what was read then has nowhere to go.
    if connection.wantedInterest.contains(.read) {
      if event.isReadable { isAlive = receive(connection) }
    } else if event.isHangup && !event.isWritable {
      isAlive = false
    }
    try settle(connection, isAlive: isAlive)
  }

  private mutating func receive(_ connection: WebServerConnection) -> Bool {
    var fault: String?
    var actions: [RequestAssembly.Action] = []
    let isAlive = connection.receive(&buffer, nowMillis: nowMillis, fault: &fault) {
      actions.append($0)
    }
    if let fault { log.warning("closing a connection of the web server: \(fault)") }
    if !isAlive { return false }
    for action in actions {
      switch action {
      case .answer(let request): give(request, connection)
      case .drop(let serial): pool.drop(connection.tag, serial: serial)
      case .send, .closeAfterSending, .fail: break
      }
    }
    return true
  }

  private mutating func give(_ request: AssembledRequest, _ connection: WebServerConnection) {
    if pool.take(WebJob(connection: connection.tag, request: request)) { return }
    var busy = WebResponse.text(503, "too many requests wait already; try again")
    busy.set("Retry-After", "1")
    connection.finish(
      WebAnswer(
        connection: connection.tag, requestID: request.requestID, serial: request.serial,
        output: CGIOutput.bytes(busy, isHead: false), worker: -1),
      nowMillis: nowMillis)
  }

  private mutating func takeAnswers() throws(SystemError) {
    for answer in pool.takeAnswers() {
      guard let connection = connection(answer.connection) else { continue }
      connection.finish(answer, nowMillis: nowMillis)
      try settle(connection, isAlive: true)
    }
  }

  /// Sends what can be sent, and tells epoll what is wanted next; or closes.
  private mutating func settle(
    _ connection: WebServerConnection, isAlive: Bool
  ) throws(SystemError) {
    guard isAlive, connection.send(nowMillis: nowMillis) else { return close(connection) }
    if drainDeadline != nil && connection.isIdle { return close(connection) }
    let wanted = connection.wantedInterest
    if wanted == connection.interest { return }
    try epoll.modify(connection.descriptor, tag: connection.tag, interest: wanted)
    connection.interest = wanted
  }

  // MARK: Time and signals

  private mutating func closeStalled() throws(SystemError) {
    let now = nowMillis
    for index in slots.indices {
      guard let connection = slots[index].connection, let deadline = connection.deadlineMillis,
        now >= deadline
      else { continue }
      log.warning("closing a connection of the web server that stood still")
      close(connection)
    }
    if !isListening && drainDeadline == nil { try listen(true) }
  }

  private mutating func take(_ signal: Signal) throws(SystemError) {
    if signal == .hangup {
      return log.warning("SIGHUP ignored: settings are read at start only; restart to change them")
    }
    if drainDeadline != nil {
      log.warning("asked again to stop: stopping at once")
      isStopped = true
      return
    }
    log.info("asked to stop: answering what was accepted")
    drainDeadline = nowMillis + WebLimits.drainMillis
    try accept()
    try listen(false)
    listener = nil
    for slot in slots {
      guard let connection = slot.connection else { continue }
      connection.drain()
      if connection.isIdle { close(connection) }
    }
  }

  private mutating func checkDrain() throws(SystemError) {
    guard let drainDeadline, nowMillis >= drainDeadline, connectionCount > 0 else { return }
    log.warning("stopping with \(connectionCount) connections that were still owed an answer")
    isStopped = true
  }
}
