internal import LinuxIO
internal import TokenWire

/// What all workers share; constant while they run.
struct LoopContext: Sendable {
  let settings: LoopSettings
  let facts: ServiceFacts
  let listeners: ListenerTable
  let closeReports: CloseReports
  let clock: LoopClock
  let log: Log
}

/// One worker: an epoll instance, the connections that the acceptor gave it, and a dispatcher. It
/// runs on a thread of its own and shares nothing but its inbox.
///
/// A turn: wait; take the inbox; put the lane's replies into their connections' output; read once
/// from every connection that is ready and answer every whole frame in what was read; send all
/// replies of a connection with one call, those of several one after the other; go on with
/// connections that were held back; give the dispatcher its turn end; look for deadlines.
struct WorkerLoop<Dispatcher: FrameDispatcher & ~Copyable>: ~Copyable {
  let index: UInt16
  let inbox: WorkerInbox<Dispatcher.Outcome>
  let context: LoopContext
  var dispatcher: Dispatcher
  var connections = ConnectionTable()
  var scratch: ScratchBuffer
  /// Milliseconds, read once a turn.
  var now: UInt64
  /// No deadline is before this; it may be too early, never too late.
  var earliestDeadline = UInt64.max
  var order = WorkerOrder.serve
  /// Connections to go on with, or to flush, when this turn's events are done or in the next turn.
  var listed: [EventTag] = []
  /// Connections that were read from and whose replies are not sent yet.
  var unsettled: [EventTag] = []
  /// Bytes read from them.
  var unsettledBytes = 0
  var closed: [CloseReports.Closed] = []
  private var events = ReadyEvents(capacity: 256)
  private var replies: [LaneReply<Dispatcher.Outcome>] = []
  private var handed: [HandedConnection] = []

  init(
    index: UInt16, inbox: WorkerInbox<Dispatcher.Outcome>, context: LoopContext,
    dispatcher: consuming Dispatcher
  ) {
    self.index = index
    self.inbox = inbox
    self.context = context
    self.dispatcher = dispatcher
    let frame = context.settings.maxFrameBytes + WireLimits.headerBytes
    scratch = ScratchBuffer(
      byteCount: frame + max(context.settings.readBytesPerTurn, WireLimits.helloBodyBytes))
    now = context.clock.nowMillis()
  }

  /// Serves until the order to stop, or until the last connection is drained.
  mutating func run() throws(SystemError) {
    try inbox.epoll.add(
      inbox.notifier.descriptor, tag: ConnectionTable.notifierTag, interest: .read)
    while try turn() {}
    // What is left closes with the table.
    for slot in 0..<connections.slotCount {
      if let connection = unsafe connections.pointer(slot: slot) {
        unsafe close(connection.pointee.tag)
      }
    }
    context.closeReports.report(&closed)
  }

  /// One turn; false when the worker is to end.
  private mutating func turn() throws(SystemError) -> Bool {
    let count = try inbox.epoll.wait(timeoutMillis: timeoutMillis(), into: &events)
    now = context.clock.nowMillis()
    let before = order
    for index in 0..<count where events[index].tag == ConnectionTable.notifierTag {
      inbox.notifier.drain()
      order = inbox.take(&replies, &handed)
      takeHanded()
      finishReplies()
    }
    if order == .stop { return false }
    let current = listed
    listed.removeAll(keepingCapacity: true)
    for index in 0..<count { try serve(events[index]) }
    try settleAll()
    for tag in current { try goOn(tag) }
    if order != before { try drain() }
    dispatcher.turnEnded()
    if now >= earliestDeadline { try sweepDeadlines() }
    context.closeReports.report(&closed)
    return order == .serve || connections.count > 0
  }

  private func timeoutMillis() -> Int32? {
    if !listed.isEmpty { return 0 }
    if earliestDeadline == .max { return nil }
    // Rounded up: a wait that ends a little early would find nothing and wait again.
    return Int32(clamping: earliestDeadline > now ? earliestDeadline - now + 1 : 1)
  }

  private mutating func takeHanded() {
    for handed in handed {
      let descriptor = FileDescriptor(owning: handed.rawDescriptor)
      let tag = connections.insert(descriptor, caller: handed.caller, now: now)
      guard let connection = unsafe connections.pointer(tag) else { continue }
      do throws(SystemError) {
        try unsafe inbox.epoll.add(connection.pointee.descriptor, tag: tag, interest: .read)
        unsafe noteDeadline(connection.pointee)
      } catch {
        // No memory for one more: the peer sees a closed connection.
        context.log.error("connection of uid \(handed.caller.uid): \(error)")
        close(tag)
      }
    }
    handed.removeAll(keepingCapacity: true)
  }

  private mutating func finishReplies() {
    for reply in replies {
      let address = reply.address
      let tag = EventTag(slot: address.slot, generation: address.generation)
      // Gone: the peer will ask again, with its key if it was a mutation.
      guard let connection = unsafe connections.pointer(tag) else { continue }
      unsafe finish(reply, &connection.pointee)
      unsafe list(&connection.pointee)
    }
    replies.removeAll(keepingCapacity: true)
  }

  private mutating func finish(
    _ reply: borrowing LaneReply<Dispatcher.Outcome>, _ connection: inout Connection
  ) {
    connection.inFlight -= 1
    precondition(connection.inFlight >= 0, "a request was answered twice")
    dispatcher.finish(
      reply.outcome, caller: connection.caller, reply: reply.address, output: &connection.output)
    // Not all replies of a turn at once in memory, where the peer takes them.
    if connection.output.count > context.settings.writeBufferBytes { send(&connection) }
    if connection.inFlight == 0, let requestId = connection.barrier {
      connection.barrier = nil
      answerBarrier(requestId, &connection)
    }
  }

  /// Puts a connection on the list, once.
  mutating func list(_ connection: inout Connection) {
    if connection.isListed { return }
    connection.isListed = true
    listed.append(connection.tag)
  }

  /// Goes on with a listed connection: frames that were held back, bytes to send.
  private mutating func goOn(_ tag: EventTag) throws(SystemError) {
    guard let pointer = unsafe connections.pointer(tag) else { return }
    unsafe pointer.pointee.isListed = false
    unsafe answerHeldFrames(&pointer.pointee)
    if try unsafe !settle(&pointer.pointee) { close(tag) }
  }

  /// The order to drain came: one last read from each connection, then close what is quiet.
  private mutating func drain() throws(SystemError) {
    for slot in 0..<connections.slotCount {
      guard let pointer = unsafe connections.pointer(slot: slot) else { continue }
      let tag = unsafe pointer.pointee.tag
      try serve(ReadyEvent(tag: tag, isReadable: true, isWritable: false, isHangup: false))
    }
    try settleAll()
  }

  /// Closes a connection at once; its slot may go to the next.
  mutating func close(_ tag: EventTag) {
    guard let pointer = unsafe connections.pointer(tag) else { return }
    let caller = unsafe pointer.pointee.caller
    closed.append(
      CloseReports.Closed(uid: caller.uid, listener: caller.listener, worker: index))
    connections.remove(tag)
  }
}

/// Memory that a worker reads into, as large as the largest frame and one read more.
///
/// Invariant behind the unsafe code: `bytes` is owned by this value alone. It is not cleared:
/// nothing is looked at beyond what a read has filled.
@safe
struct ScratchBuffer: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    unsafe bytes = .allocate(byteCount: byteCount, alignment: 64)
  }

  deinit { unsafe bytes.deallocate() }
}
