public import TokenWire

/// A connection that has said HELLO and speaks in messages: one request, one reply.
public final class ServiceConnection {
  /// A reply with another status than OK.
  public struct Refused: Error, Equatable, CustomStringConvertible {
    public let status: Status?
    public let code: UInt16
    public let field: String
    public let message: String
    public let retryAfterMillis: UInt32

    public var description: String {
      "\(status?.name ?? "status \(code)") (\(field)): \(message)"
    }

    public init(_ frame: RawFrame) {
      let body = try? ErrorBody(body: frame.body)
      code = frame.status
      status = Status(rawValue: frame.status)
      field = String(decoding: body?.field ?? [], as: UTF8.self)
      message = String(decoding: body?.message ?? [], as: UTF8.self)
      retryAfterMillis = body?.retryAfterMillis ?? 0
    }
  }

  public enum Failure: Error {
    case closed
    case wrongReply(RawFrame)
  }

  public let socket: RawSocket
  public let hello: HelloReply
  private var lastRequestId: UInt32 = 100

  public init(_ path: String, maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0) throws {
    socket = try RawSocket(path)
    // A server that is full may have closed already; what it said before is still there to read.
    _ = try socket.offer(Self.hello(maxFrame: maxFrame, maxInFlight: maxInFlight).bytes)
    guard let reply = try socket.readFrame() else { throw Failure.closed }
    guard reply.status == 0 else { throw Refused(reply) }
    hello = try HelloReply(body: reply.body)
  }

  /// A HELLO with request id 1.
  public static func hello(maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0) -> RawFrame {
    let body =
      little(1, 2) + little(1, 2) + little(UInt64(maxFrame), 4)
      + little(UInt64(maxInFlight), 2) + little(0, 8) + textField("end-to-end test")
    return RawFrame(1, 1, body)
  }

  /// Sends without waiting; the request id.
  @discardableResult
  public func send(_ opcode: UInt16, _ body: [UInt8]) throws -> UInt32 {
    lastRequestId += 1
    try socket.send(RawFrame(opcode, lastRequestId, body).bytes)
    return lastRequestId
  }

  @discardableResult
  public func send<M: RequestMessage>(_ message: M) throws -> UInt32 {
    try send(M.opcode.rawValue, try message.encodedBody())
  }

  public func read() throws -> RawFrame {
    guard let frame = try socket.readFrame() else { throw Failure.closed }
    return frame
  }

  /// Sends any body and waits for the frame that answers it.
  public func exchange(_ opcode: UInt16, _ body: [UInt8]) throws -> RawFrame {
    let id = try send(opcode, body)
    let frame = try read()
    guard frame.requestId == id, frame.opcode == opcode else { throw Failure.wrongReply(frame) }
    return frame
  }

  /// The reply to a request; throws `Refused` when its status is not OK.
  @discardableResult
  public func call<M: RequestMessage>(_ message: M) throws -> M.Reply {
    let frame = try exchange(M.opcode.rawValue, try message.encodedBody())
    guard frame.status == 0 else { throw Refused(frame) }
    return try M.Reply(body: frame.body)
  }

  /// The status that a request is answered with.
  public func status<M: RequestMessage>(of message: M) throws -> Status? {
    Status(rawValue: try exchange(M.opcode.rawValue, try message.encodedBody()).status)
  }
}
