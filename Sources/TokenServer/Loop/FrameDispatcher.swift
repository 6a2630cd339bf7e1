public import TokenWire

/// One whole request whose sender holds the right for it. The body is the connection's input in
/// place: it is gone when the call returns.
public struct FrameView: ~Escapable {
  public let opcode: Opcode
  public let requestId: UInt32
  /// Not looked at yet.
  public let body: RawSpan

  @_lifetime(copy body)
  public init(opcode: Opcode, requestId: UInt32, body: RawSpan) {
    self.opcode = opcode
    self.requestId = requestId
    self.body = body
  }
}

/// What became of a frame.
public enum FrameDisposition: Sendable {
  /// One reply frame was appended to the output.
  case answered
  /// The reply comes later, as a `LaneReply` in the worker's inbox. Until then the request counts
  /// against the connection's limit of requests in flight.
  case deferred
  /// The body breaks the protocol. Nothing was appended; the loop sends the last error frame and
  /// closes.
  case malformed(WireFault)
}

/// How far a dispatcher came with a run of VALIDATE requests.
public struct RunAnswer: Sendable {
  /// Requests answered, each with one reply frame, in order.
  public var frames: Int
  /// Bytes of the run that they took.
  public var bytes: Int
  /// What is wrong with the body of the next request. The loop sends the last error frame and
  /// closes.
  public var fault: WireFault?

  public init(frames: Int = 0, bytes: Int = 0, fault: WireFault? = nil) {
    self.frames = frames
    self.bytes = bytes
    self.fault = fault
  }
}

/// What frames mean: the seam between the loop, which knows connections, and the service.
///
/// Each worker owns one and calls it from its own thread, so it may keep scratch space. The loop
/// itself answers HELLO, PING and BARRIER, refuses unknown opcodes, callers without the right, and
/// mutations while it drains; everything else arrives here: VALIDATE in runs, the rest frame by
/// frame.
public protocol FrameDispatcher: ~Copyable, SendableMetatype {
  /// What the commit lane hands back, to be made into bytes on the worker.
  associatedtype Outcome: Sendable

  /// Answers requests from the front of a run, so many as it likes and at least one unless that one
  /// is malformed. Each gets one frame in `output`, no longer than `caller.maxFrameBytes`; together
  /// they may be longer than the connection's write buffer by what one call answers.
  mutating func validate(
    _ run: borrowing RequestRun, caller: Caller, output: inout WireWriter
  ) -> RunAnswer

  /// Answers a frame that is no VALIDATE, or hands it on. For `.answered` exactly one frame is
  /// appended to `output`, no longer than `caller.maxFrameBytes`.
  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress,
    output: inout WireWriter
  ) -> FrameDisposition

  /// Appends the one reply frame of a request that was deferred. Not called when the connection is
  /// gone.
  mutating func finish(
    _ outcome: Outcome, caller: Caller, reply: ReplyAddress, output: inout WireWriter)

  /// The loop has read everything that was ready: hand what `handle` gathered to the lane, with one
  /// lock. Called once a turn, also when no frame came.
  mutating func turnEnded()

  /// The highest released commit position, for HELLO and BARRIER.
  var releasedPosition: UInt64 { get }
}

/// A deferred reply on its way from the lane to the worker of its connection.
public struct LaneReply<Outcome: Sendable>: Sendable {
  public var address: ReplyAddress
  public var outcome: Outcome

  public init(address: ReplyAddress, outcome: Outcome) {
    self.address = address
    self.outcome = outcome
  }
}

/// What HELLO tells about the service; fixed while the process runs.
public struct ServiceFacts: Sendable {
  /// Drawn once for each data directory; without one, at every start.
  public var instance: Bytes16
  public var retryWindowSeconds: UInt32
  public var retryWindowEntries: UInt32
  /// Name and version for people.
  public var serverVersion: [UInt8]

  public init(
    instance: Bytes16, retryWindowSeconds: UInt32, retryWindowEntries: UInt32,
    serverVersion: [UInt8]
  ) {
    self.instance = instance
    self.retryWindowSeconds = retryWindowSeconds
    self.retryWindowEntries = retryWindowEntries
    self.serverVersion = serverVersion
  }
}
