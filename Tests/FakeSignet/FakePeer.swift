internal import LinuxIO
public import TokenWire

/// The server's end of one connection, blocking, with the verbs of a script.
public struct FakePeer: ~Copyable {
  /// A request as it came.
  public struct Request: Sendable {
    public var header: FrameHeader
    public var body: [UInt8]
    public var opcode: Opcode? { Opcode(rawValue: header.opcode) }
  }

  private let descriptor: FileDescriptor

  init(_ descriptor: consuming FileDescriptor) {
    try? descriptor.setNonBlocking(false)
    self.descriptor = descriptor
  }

  /// The next request; nil when the client closed.
  public func request() -> Request? {
    guard let raw = bytes(WireLimits.headerBytes) else { return nil }
    let span = unsafe raw.span.bytes
    let header = FrameHeader(reading: span)
    guard let body = bytes(Int(header.length)) else { return nil }
    return Request(header: header, body: body)
  }

  /// The next request, which must be of this kind.
  public func request<R: RequestMessage>(_: R.Type) -> (message: R, id: UInt32) {
    guard let request = request() else { fatalError("fake server: \(R.opcode) never came") }
    guard request.opcode == R.opcode, let message = try? R(body: request.body) else {
      fatalError("fake server: \(R.opcode) expected, not opcode \(request.header.opcode)")
    }
    return (message, request.header.requestId)
  }

  /// Answers HELLO.
  @discardableResult
  public func hello(
    maxFrame: UInt32 = 65_536, maxInFlight: UInt16 = 1_024, rights: RightSet = .all,
    position: UInt64 = 1, instance: UInt64 = 1
  ) -> HelloRequest {
    let (message, id) = request(HelloRequest.self)
    reply(
      HelloReply(
        version: 1, maxFrame: maxFrame, maxInFlight: maxInFlight, features: 0,
        instance: Bytes16(word0: instance, word1: 2), position: position, retryWindowSeconds: 600,
        retryWindowEntries: 65_536, peerUid: 1_000, rights: rights.rawValue,
        serverVersion: Array("fake/1".utf8)), .hello, id)
    return message
  }

  /// Takes one request of a kind and answers it.
  @discardableResult
  public func answer<R: RequestMessage>(_ kind: R.Type, _ reply: R.Reply) -> R {
    let (message, id) = request(kind)
    self.reply(reply, R.opcode, id)
    return message
  }

  /// Takes one request of a kind and refuses it.
  @discardableResult
  public func refuse<R: RequestMessage>(
    _ kind: R.Type, _ status: Status, field: String = "", message: String = "no",
    retryAfterMillis: UInt32 = 0
  ) -> R {
    let (request, id) = request(kind)
    error(
      status, ErrorBody(status, field: field, message: message, retryAfterMillis: retryAfterMillis),
      R.opcode.rawValue, id)
    return request
  }

  public func reply(_ message: some ReplyMessage, _ opcode: Opcode, _ id: UInt32) {
    send(Self.frame(message, opcode, id))
  }

  public func error(_ status: Status, _ body: ErrorBody, _ opcode: UInt16, _ id: UInt32) {
    var writer = WireWriter(capacity: 256)
    writer.error(status, body, opcode: opcode, requestId: id)
    send(writer.contents)
  }

  /// A reply's frame, for scripts that cut or join them.
  public static func frame(
    _ message: some ReplyMessage, _ opcode: Opcode, _ id: UInt32
  ) -> [UInt8] {
    var writer = WireWriter(capacity: 256)
    do {
      try writer.reply(message, opcode: opcode, requestId: id)
    } catch {
      fatalError("fake server: \(error)")
    }
    return writer.contents
  }

  /// Bytes as they are. A client that is gone already is no error.
  public func send(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let part = Array(bytes[start...])
      let span = unsafe part.span.bytes
      let result = try? unsafe span.withUnsafeBytes { (raw) throws(SystemError) in
        try unsafe descriptor.send(raw)
      }
      guard case .bytes(let count)? = result else { return }
      start += count
    }
  }

  /// True when nothing more can be read because the client closed; waits for it.
  public func isAtEnd() -> Bool { bytes(1) == nil }

  private func bytes(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      var span = bytes.mutableSpan
      let start = done
      let result = try? unsafe span.withUnsafeMutableBytes { (raw) throws(SystemError) in
        try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[start...]))
      }
      guard case .bytes(let got)? = result else { return nil }
      done += got
    }
    return bytes
  }
}
