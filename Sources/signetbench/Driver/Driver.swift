internal import LinuxIO

/// One epoll loop that keeps requests in flight on all connections. It is the same for every
/// target and specialised for each codec, so the client costs the same on all sides.
///
/// A turn: wait; read once from each connection that is ready, check the answers, in a closed loop
/// write the next requests in their places, send with one call; in an open loop send what is due;
/// look at the clock. Nothing is allocated once buffers have reached their size.
struct Driver<Exchange: Codec & ~Copyable>: ~Copyable {
  /// Where a run is.
  enum Phase {
    case warming, measuring
    /// Nothing new is begun; answers are waited for and checked.
    case draining
  }

  private var codec: Exchange
  private let connections: ConnectionSet
  private let plan: RunPlan
  private let epoll: Epoll
  private var events = ReadyEvents(capacity: 256)
  private var watch: RunWatch
  private(set) var tally = RunTally()
  private var phase = Phase.warming
  /// When each ticket's request began.
  private var starts: [UInt64]
  private var inFlight = 0
  /// Requests that may still be begun; nil: any number.
  private var begunLeft: Int?
  private var schedule: ArrivalSchedule?
  /// A request of an open loop was due at the last turn, and every slot taken.
  private var isFull = false
  /// The connection that an open loop tries first.
  private var nextConnection = 0
  private var now: UInt64
  private var measureStart: UInt64 = .max
  private var measureEnd: UInt64 = .max
  private var lastAnswer: UInt64

  /// Takes connections that are ready for requests, not blocking.
  init(
    _ codec: consuming Exchange, _ connections: consuming ConnectionSet, _ plan: RunPlan,
    _ watch: RunWatch
  ) throws(SystemError) {
    let epoll = try Self.epoll(watching: connections)
    self.codec = codec
    self.connections = connections
    self.epoll = epoll
    self.plan = plan
    self.watch = watch
    starts = Array(repeating: 0, count: plan.shape.tickets)
    now = SystemClock.monotonicNanos()
    lastAnswer = now
  }

  private static func epoll(
    watching connections: borrowing ConnectionSet
  ) throws(SystemError) -> Epoll {
    let epoll = try Epoll()
    for index in 0..<connections.count {
      try unsafe epoll.add(
        connections.pointer(index).pointee.descriptor,
        tag: EventTag(slot: UInt32(index), generation: 0), interest: .read)
    }
    return epoll
  }

  /// Runs to the end of the plan.
  mutating func run() throws(BenchError) -> RunTally {
    do {
      try begin()
      while try turn() {}
    } catch let error as SystemError {
      throw .wrong("the run ended: \(error)")
    } catch {
      throw error as? BenchError ?? .wrong("the run ended: \(error)")
    }
    watch.end()
    return tally
  }

  private mutating func begin() throws {
    if plan.keepsSamples { tally.samples = SampleLog() }
    now = SystemClock.monotonicNanos()
    lastAnswer = now
    let warmupEnd = now + plan.warmupNanos
    if plan.warmupNanos == 0 { measure() } else { measureStart = warmupEnd }
    if let rate = plan.requestsPerSecond {
      schedule = ArrivalSchedule(startNanos: now, perSecond: rate)
      return
    }
    for index in 0..<connections.count {
      let connection = unsafe connections.pointer(index)
      while unsafe connection.pointee.freeCount > 0 {
        if unsafe !start(&connection.pointee, at: now) { break }
      }
      try unsafe flush(&connection.pointee)
    }
  }

  /// One turn; false at the end of the run.
  private mutating func turn() throws -> Bool {
    let count = try epoll.wait(timeoutMillis: timeoutMillis(), into: &events)
    now = SystemClock.monotonicNanos()
    for position in 0..<count {
      let event = events[position]
      let connection = unsafe connections.pointer(Int(event.tag.slot))
      if event.isReadable { try unsafe receive(&connection.pointee) }
      if event.isWritable { try unsafe flush(&connection.pointee) }
    }
    if schedule != nil { try sendWhatIsDue() }
    try advance()
    return !isOver()
  }

  private func timeoutMillis() -> Int32 {
    guard let schedule, phase != .draining || schedule.nextNanos < measureEnd else { return 100 }
    // The wait is in milliseconds: the last part of it is spent asking.
    guard schedule.nextNanos > now + 2_000_000 else { return 0 }
    return Int32(clamping: min((schedule.nextNanos - now) / 1_000_000 - 1, 100))
  }

  // MARK: Requests

  /// Begins a request on a connection that has a free slot; false when none may be begun.
  @inline(__always)
  private mutating func start(_ connection: inout LoadConnection, at intended: UInt64) -> Bool {
    if let left = begunLeft, left <= 0 { return false }
    let ticket = connection.takeSlot()
    guard codec.write(ticket, &connection.output) else {
      connection.untakeSlot()
      begunLeft = 0
      return false
    }
    starts[ticket.index] = intended
    inFlight += 1
    if let left = begunLeft { begunLeft = left - 1 }
    return true
  }

  private mutating func sendWhatIsDue() throws {
    // Past the end nothing is due any more; what was due before is still sent.
    let horizon = min(now, measureEnd == .max ? now : measureEnd - 1)
    var tried = 0
    while tried < connections.count, schedule!.nextNanos <= horizon {
      let connection = unsafe connections.pointer(nextConnection)
      nextConnection = nextConnection + 1 == connections.count ? 0 : nextConnection + 1
      tried += 1
      guard unsafe connection.pointee.freeCount > 0 else { continue }
      guard unsafe start(&connection.pointee, at: schedule!.nextNanos) else { return }
      if isFull && phase == .measuring { tally.heldBack += 1 }
      _ = schedule!.take(now: horizon)
      try unsafe flush(&connection.pointee)
      tried = 0
    }
    isFull = tried == connections.count
  }

  private func flush(_ connection: inout LoadConnection) throws {
    while connection.output.count > 0 {
      switch try unsafe connection.descriptor.send(connection.output.bytes) {
      case .bytes(let count): connection.output.removeFirst(count)
      case .wouldBlock: return try awaitRoom(&connection, true)
      case .peerReset, .endOfFile: throw BenchError.wrong("the server closed a connection")
      }
    }
    try awaitRoom(&connection, false)
  }

  private func awaitRoom(_ connection: inout LoadConnection, _ isAwaited: Bool) throws {
    if connection.awaitsRoom == isAwaited { return }
    connection.awaitsRoom = isAwaited
    try epoll.modify(
      connection.descriptor, tag: EventTag(slot: UInt32(connection.index), generation: 0),
      interest: isAwaited ? [.read, .write] : .read)
  }

  // MARK: Answers

  private mutating func receive(_ connection: inout LoadConnection) throws {
    let room = unsafe connection.input.room(1 << 16)
    switch try unsafe connection.descriptor.read(into: room) {
    case .bytes(let count): connection.input.append(count)
    case .wouldBlock: return
    case .endOfFile, .peerReset: throw BenchError.wrong("the server closed a connection")
    }
    now = SystemClock.monotonicNanos()
    lastAnswer = now
    while connection.input.count > 0 {
      switch unsafe codec.read(connection.input.bytes, connection: connection.index) {
      case .needsMore: return try flush(&connection)
      case .part(let byteCount): connection.input.removeFirst(byteCount)
      case .reply(let reply):
        connection.input.removeFirst(reply.byteCount)
        take(reply, &connection)
      case .broken(let what): throw BenchError.wrong(what)
      }
    }
    try flush(&connection)
  }

  @inline(__always)
  private mutating func take(_ reply: Reply, _ connection: inout LoadConnection) {
    let started = starts[connection.index * plan.shape.depth + reply.slot]
    connection.freeSlot(reply.slot)
    inFlight -= 1
    tally.wrong += reply.wrong
    if let refusal = reply.refusal {
      tally.errors += 1
      if tally.firstRefusal == nil { tally.firstRefusal = refusal }
    } else {
      if phase == .measuring {
        tally.requests += 1
        tally.tokens += reply.tokens
      }
      if started >= measureStart && started < measureEnd && phase != .warming {
        tally.latency.record(now - started)
        if !reply.isMutation { tally.samples?.add(started: started, nanos: now - started) }
      }
    }
    if schedule == nil && phase != .draining { _ = start(&connection, at: now) }
  }

  // MARK: Phases

  private mutating func measure() {
    phase = .measuring
    measureStart = now
    if let nanos = plan.measuredNanos { measureEnd = now + nanos }
    begunLeft = plan.requests
    watch.beginMeasuring()
  }

  private mutating func advance() throws {
    watch.show(tally, plan, phase == .warming ? 0 : now - measureStart, now: now)
    switch phase {
    case .warming: if now >= measureStart { measure() }
    case .measuring:
      let isAllBegun = (begunLeft ?? 1) <= 0 && inFlight == 0
      if now >= measureEnd || isAllBegun { endMeasuring() }
    case .draining: break
    }
    if inFlight > 0 && now > lastAnswer + plan.patienceNanos {
      throw BenchError.wrong(
        "no answer for \(plan.patienceNanos / 1_000_000_000) s, \(inFlight) requests waiting")
    }
  }

  private mutating func endMeasuring() {
    phase = .draining
    measureEnd = min(now, measureEnd)
    tally.measuredNanos = now - measureStart
    tally.clientCPUNanos = watch.endMeasuring()
  }

  private mutating func isOver() -> Bool {
    guard phase == .draining else { return false }
    guard schedule != nil, schedule!.nextNanos < measureEnd, begunLeft != 0 else {
      return inFlight == 0
    }
    if now < measureEnd + plan.patienceNanos { return false }
    while let due = schedule!.take(now: measureEnd - 1) {
      tally.unsent += 1
      if due >= measureStart { tally.latency.record(now - due) }
    }
    return true
  }
}
