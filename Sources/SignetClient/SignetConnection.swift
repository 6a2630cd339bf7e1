internal import LinuxIO
public import TokenWire

/// A connection to the service that survives its server: pipelined, blocking, for one thread.
///
/// `call` is one request and its reply. `send` returns at once with a handle (bytes leave at
/// the next `receive` or `flush`, or when 64 KiB wait), `receive` waits for that handle's reply;
/// replies of other requests that come in between are kept. When the connection is lost, a new one
/// is made, and what may be sent twice is, once: reads, and mutations whose `key` is not zero. A
/// mutation without a key fails with `.outcomeUnknown` instead.
///
/// A refusal (`ClientError.refused`) is about one request; the connection goes on.
public final class SignetConnection {
  public let path: String
  public let options: ClientOptions
  /// What the server said at the last HELLO: limits, rights, instance.
  public private(set) var hello: HelloReply
  /// Highest commit position of any reply so far, for `atLeastPosition` of a VALIDATE: it makes
  /// another connection's changes visible to this one's questions.
  public private(set) var lastPosition: UInt64
  /// How often a lost connection was replaced.
  public private(set) var reconnectCount = 0

  // Nil after a loss, until the next request. Invariant: not nil while `pending` is not empty,
  // outside `recover`.
  private var channel: ByteChannel?
  private var pending: [UInt32: PendingRequest] = [:]
  /// Requests whose frames were put into the channel and not yet given to the socket.
  private var queued: [UInt32] = []
  private var arrived: [UInt32: Result<[UInt8], ClientError>] = [:]
  private var nextId: UInt32 = 1
  /// What the server said about the connection as a whole before it closed.
  private var lastWord: String?

  private init(path: String, options: ClientOptions, _ opened: consuming OpenedChannel) {
    self.path = path
    self.options = options
    hello = opened.hello
    lastPosition = opened.hello.position
    channel = consume opened.channel
  }

  /// Connects to a socket and agrees on version and limits.
  ///
  /// Throws `.cannotConnect`, `.refused` (DRAINING, TOO_MANY_CONNECTIONS, VERSION), `.timedOut` or
  /// `.protocolViolation`. The first connection is tried once.
  public static func connect(
    path: String, options: ClientOptions = ClientOptions()
  ) throws(ClientError) -> SignetConnection {
    SignetConnection(path: path, options: options, try OpenedChannel.open(path: path, options))
  }

  /// What this connection may do.
  public var rights: RightSet { RightSet(rawValue: hello.rights) }

  /// Requests sent and not yet answered.
  public var inFlightCount: Int { pending.count }

  // MARK: Requests

  /// Sends a request and waits for its reply.
  public func call<R: RequestMessage>(_ request: R) throws(ClientError) -> R.Reply {
    let handle = try send(request)
    do {
      return try receive(handle)
    } catch {
      abandon(handle)
      throw error
    }
  }

  /// Queues a request. Waits only while the agreed number of requests is in flight.
  public func send<R: RequestMessage>(_ request: R) throws(ClientError) -> RequestHandle<R> {
    precondition(R.opcode != .hello, "HELLO is the connection's own")
    let deadline = Deadline(afterMillis: options.requestTimeoutMillis)
    while pending.count >= Int(hello.maxInFlight) { try takeFrame(deadline) }
    if channel == nil, let failure = reopen() { throw failure }
    let id = freeRequestId()
    let frame = try encodedFrame(request, requestId: id, maxFrame: Int(hello.maxFrame))
    channel?.append(frame)
    pending[id] = PendingRequest(frame: frame, request)
    queued.append(id)
    let handle = RequestHandle<R>(requestId: id)
    if channel?.pendingBytes ?? 0 >= 65_536 {
      do throws(ClientError) {
        try flush(deadline)
      } catch {
        // Nobody will have the handle.
        abandon(handle)
        throw error
      }
    }
    return handle
  }

  /// Waits for the reply of one request, `options.requestTimeoutMillis` at most.
  public func receive<R>(_ handle: RequestHandle<R>) throws(ClientError) -> R.Reply {
    try receive(handle, timeoutMillis: options.requestTimeoutMillis)
  }

  /// Waits for the reply of one request. After `.timedOut` the handle stays good.
  public func receive<R>(
    _ handle: RequestHandle<R>, timeoutMillis: Int32?
  ) throws(ClientError) -> R.Reply {
    let deadline = Deadline(afterMillis: timeoutMillis)
    while true {
      if let result = arrived.removeValue(forKey: handle.requestId) {
        return try decode(result, of: R.self)
      }
      precondition(
        pending[handle.requestId] != nil, "a reply is received once, where it was sent")
      try takeFrame(deadline, timeoutMillis)
    }
  }

  /// Gives up a request: its reply will be dropped when it comes. It may be carried out all the
  /// same.
  public func abandon<R>(_ handle: RequestHandle<R>) {
    arrived.removeValue(forKey: handle.requestId)
    pending[handle.requestId]?.isAbandoned = true
  }

  /// Sends what is queued.
  public func flush() throws(ClientError) {
    try flush(Deadline(afterMillis: options.requestTimeoutMillis))
  }

  private func freeRequestId() -> UInt32 {
    // After 2^32 requests the numbers begin again, past those that are still in use.
    while nextId == 0 || pending[nextId] != nil || arrived[nextId] != nil { nextId &+= 1 }
    defer { nextId &+= 1 }
    return nextId
  }

  private func decode<R: RequestMessage>(
    _ result: Result<[UInt8], ClientError>, of: R.Type
  ) throws(ClientError) -> R.Reply {
    let body = try result.get()
    do {
      return try R.Reply(body: body)
    } catch {
      throw broken("reply of \(R.opcode.name): \(error.message)")
    }
  }

  // MARK: Bytes

  private func flush(_ deadline: Deadline) throws(ClientError) {
    while let waiting = channel?.pendingBytes, waiting > 0 {
      do throws(ByteChannel.Lost) {
        // A server closes idle connections without a word. Looking before the first byte leaves
        // tells that nothing was lost.
        if queued.count == pending.count { _ = try channel?.fill() }
        for id in queued { pending[id]?.attempts += 1 }
        queued = []
        let isSent = try channel?.flush(deadline) ?? true
        if isSent { return }
      } catch {
        try recover(error.reason)
        continue
      }
      throw .timedOut(afterMillis: Int(options.requestTimeoutMillis ?? 0))
    }
  }

  /// Sends what is queued and takes one frame of the server.
  private func takeFrame(
    _ deadline: Deadline, _ timeoutMillis: Int32? = nil
  ) throws(ClientError) {
    try flush(deadline)
    guard channel != nil, !pending.isEmpty else { return }
    var frame: ByteChannel.Frame?
    var lost: String?
    do throws(ByteChannel.FrameError) {
      frame = try channel?.nextFrame(deadline)
    } catch {
      switch error {
      case .lost(let loss): lost = loss.reason
      case .violation(let what): throw broken(what)
      }
    }
    if let frame { return try take(frame) }
    if let lost { return try recover(lost) }
    throw .timedOut(afterMillis: Int(timeoutMillis ?? options.requestTimeoutMillis ?? 0))
  }

  private func take(_ frame: ByteChannel.Frame) throws(ClientError) {
    let header = frame.header
    if header.requestId == 0 {
      guard header.status != 0 else { throw broken("a push, which was not asked for") }
      // A last word about the whole connection.
      let said = refusal(in: frame)
      if case .protocolViolation(let what) = said { throw broken(what) }
      lastWord = said.description
      return
    }
    guard let request = pending[header.requestId] else {
      throw broken("a reply to request \(header.requestId), which is not in flight")
    }
    guard header.opcode == request.opcode.rawValue else {
      throw broken("a reply of another operation than \(request.opcode.name)")
    }
    let refused = header.status == 0 ? nil : refusal(in: frame)
    if case .protocolViolation(let what)? = refused { throw broken(what) }
    pending[header.requestId] = nil
    if header.status == 0, request.opcode.isLane, frame.body.count >= 8 {
      let position = (0..<8).reduce(0 as UInt64) { $0 | UInt64(frame.body[$1]) << (8 * $1) }
      lastPosition = max(lastPosition, position)
    }
    if request.isAbandoned { return }
    arrived[header.requestId] = refused.map { .failure($0) } ?? .success(frame.body)
  }

  // MARK: Loss

  /// After a protocol violation nothing on the connection can be believed: closes it, fails what
  /// was in flight, and returns the error to throw.
  private func broken(_ what: String) -> ClientError {
    channel = nil
    queued = []
    for (id, request) in pending where !request.isAbandoned {
      arrived[id] = .failure(request.failure("the server broke the protocol: \(what)"))
    }
    pending = [:]
    return .protocolViolation(what)
  }

  /// The connection is gone. Takes what the server still said, makes a new connection and queues
  /// there what may be sent again; everything else fails.
  private func recover(_ reason: String) throws(ClientError) {
    while let frame = lastFrame() { try take(frame) }
    channel = nil
    queued = []
    let reason = lastWord ?? reason
    lastWord = nil
    var again: [UInt32] = []
    for id in pending.keys.sorted() {
      guard let request = pending[id] else { continue }
      if options.reconnects && request.mayBeSentAgain && !request.isAbandoned {
        again.append(id)
      } else {
        fail(id, reason)
      }
    }
    if again.isEmpty { return }
    let instance = hello.instance
    if let failure = reopen() {
      for id in again { fail(id, "\(reason), and then: \(failure)") }
      return
    }
    for id in again {
      guard let request = pending[id] else { continue }
      let frame = request.frame
      if hello.instance != instance && request.opcode.isMutation {
        // The keys of idempotency are in the other store.
        fail(id, "\(reason), and the server that answers now has another store")
      } else if frame.count - WireLimits.headerBytes > Int(hello.maxFrame) {
        fail(id, "\(reason), and the new connection takes no frame of this size")
      } else {
        channel?.append(frame)
        queued.append(id)
      }
    }
  }

  private func fail(_ id: UInt32, _ reason: String) {
    guard let request = pending.removeValue(forKey: id), !request.isAbandoned else { return }
    arrived[id] = .failure(request.failure(reason))
  }

  /// A frame that was in the socket or the buffer when the connection went.
  private func lastFrame() -> ByteChannel.Frame? {
    while true {
      if let frame = try? channel?.bufferedFrame() { return frame }
      guard (try? channel?.fill()) == true else { return nil }
    }
  }

  /// Makes a new connection, trying for `reconnectTimeoutMillis`; the last failure, or nil.
  private func reopen() -> ClientError? {
    guard options.reconnects else { return .closed("it was lost before, and stays so") }
    let deadline = Deadline(afterMillis: options.reconnectTimeoutMillis)
    while true {
      do throws(ClientError) {
        let opened = try OpenedChannel.open(path: path, options)
        // Positions of another store say nothing about this one.
        let isSameStore = opened.hello.instance == hello.instance
        hello = opened.hello
        lastPosition = isSameStore ? max(lastPosition, hello.position) : hello.position
        channel = consume opened.channel
        reconnectCount += 1
        return nil
      } catch {
        if deadline.isOver || !error.mayPass { return error }
        pause(millis: min(50, deadline.remainingMillis ?? 50))
      }
    }
  }

  private func pause(millis: Int32) {
    // An eventfd that nobody notifies is the timer.
    if let timer = try? EventNotifier() {
      _ = try? timer.descriptor.poll(for: .readable, timeoutMillis: millis)
    }
  }
}

extension ClientError {
  /// Whether connecting again a little later may help: a server that restarts is absent, then
  /// deaf, then busy.
  var mayPass: Bool {
    switch self {
    case .cannotConnect(_, let reason): reason != .permissionDenied
    case .refused(let refusal): refusal.status?.isRetriable ?? false
    default: false
    }
  }
}
