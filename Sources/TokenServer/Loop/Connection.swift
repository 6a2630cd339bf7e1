internal import LinuxIO
internal import TokenWire

/// One connection of a worker: what is known about the peer, what is half read, what is unsent.
struct Connection: ~Copyable {
  /// Where in its life a connection is.
  enum Phase: Sendable {
    case awaitingHello
    case serving
    /// Nothing is read any more; it closes when the output is sent.
    case closing
  }

  let descriptor: FileDescriptor
  let tag: EventTag
  var caller: Caller
  var phase = Phase.awaitingHello
  var input = InputBuffer()
  var output = WireWriter(capacity: 64)
  /// Before HELLO: any version, small frames.
  var reader = FrameReader(.requests, version: nil, maxFrame: WireLimits.helloBodyBytes)
  var maxInFlight = 1
  /// Deferred requests without an answer yet.
  var inFlight = 0
  /// The request id of a BARRIER that waits for `inFlight` to reach 0; frames behind it wait too.
  var barrier: UInt32?
  /// The peer has sent its last byte.
  var isInputEnded = false
  /// `input` holds whole frames that may be answered now.
  var hasMoreFrames = false
  /// On the loop's list of connections to flush or to go on with.
  var isListed = false
  /// A send found the peer gone.
  var isGone = false
  /// What `Epoll` was last told.
  var interest: Epoll.Interest = .read

  let acceptedAt: UInt64
  /// The last time that a byte came or the last reply left.
  var activeAt: UInt64
  /// When the frame that is half here began; 0 while there is none.
  var partialSince: UInt64 = 0
  /// The last time that the peer took bytes while some were unsent.
  var progressAt: UInt64

  init(_ descriptor: consuming FileDescriptor, tag: EventTag, caller: Caller, now: UInt64) {
    self.descriptor = descriptor
    self.tag = tag
    self.caller = caller
    acceptedAt = now
    activeAt = now
    progressAt = now
  }

  /// Whether nothing is owed to the peer: no deferred request, no unsent byte, no frame to answer.
  var isQuiet: Bool { inFlight == 0 && barrier == nil && output.count == 0 && !hasMoreFrames }

  /// Whether frames are left where they are: the peer has enough requests in flight, a BARRIER
  /// waits, or it does not take its replies. So the output holds at most `writeBufferBytes`, the
  /// replies of one call of the dispatcher (128 tokens, or one request) more, and the lane's
  /// replies to what was in flight.
  func isHeldBack(writeBufferBytes: Int) -> Bool {
    inFlight >= maxInFlight || barrier != nil || output.count > writeBufferBytes
  }
}
