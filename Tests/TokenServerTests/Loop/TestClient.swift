import Foundation
import LinuxIO
import Testing
import TokenWire

/// One reply as read from the socket.
struct TestFrame: Equatable {
  var header: FrameHeader
  var body: [UInt8]

  var status: Status? { Status(rawValue: header.status) }
  var error: ErrorBody? { try? ErrorBody(body: body) }
  var message: String { error.map { String(decoding: $0.message, as: UTF8.self) } ?? "" }
  var field: String { error.map { String(decoding: $0.field, as: UTF8.self) } ?? "" }
}

/// The client's end: blocking, byte by byte under the test's control. Every wait ends after 30 s.
final class TestClient {
  private let socket: FileDescriptor
  private var received: [UInt8] = []
  private(set) var isEnded = false

  init(_ path: String) throws {
    socket = try UnixStream.connect(path: path, isNonBlocking: true, timeoutMillis: 30_000)
  }

  /// Takes over a socket that is connected and does not block.
  init(owning descriptor: consuming FileDescriptor) { socket = descriptor }

  /// Connects and says HELLO.
  convenience init(_ path: String, maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0) throws {
    try self.init(path)
    let reply = try hello(maxFrame: maxFrame, maxInFlight: maxInFlight)
    try #require(reply.status == .ok)
  }

  func hello(maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0) throws -> TestFrame {
    try send(helloFrame(maxFrame: maxFrame, maxInFlight: maxInFlight))
    return try #require(try read())
  }

  /// Says HELLO; false when the server has closed the connection.
  func isAnswered() throws -> Bool {
    do { try send(helloFrame(maxFrame: 0, maxInFlight: 0)) } catch ClientError.closed {
      return false
    }
    return try read()?.status == .ok
  }

  /// Sends everything, waiting while the server does not take it.
  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch try unsafe rest.withUnsafeBytes({ try unsafe socket.send($0) }) {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .wouldBlock: try #require(try socket.poll(for: .writable, timeoutMillis: 30_000))
      case .peerReset, .endOfFile: throw ClientError.closed
      }
    }
  }

  /// Sends what the kernel takes now; the number of bytes.
  func sendSome(_ bytes: [UInt8]) throws -> Int {
    switch try unsafe bytes.withUnsafeBytes({ try unsafe socket.send($0) }) {
    case .bytes(let count): count
    case .wouldBlock: 0
    case .peerReset, .endOfFile: throw ClientError.closed
    }
  }

  /// The next reply, nil at the end.
  func read() throws -> TestFrame? {
    while true {
      if let header = headerReceived() {
        let end = 16 + Int(header.length)
        if received.count >= end {
          let frame = TestFrame(header: header, body: Array(received[16..<end]))
          received.removeFirst(end)
          return frame
        }
      }
      if try !readMore() { return nil }
    }
  }

  private func headerReceived() -> FrameHeader? {
    if received.count < 16 { return nil }
    let start = Array(received.prefix(16))
    let bytes = unsafe start.span.bytes
    return FrameHeader(reading: bytes)
  }

  /// So many replies.
  func read(_ count: Int) throws -> [TestFrame] {
    try (0..<count).map { _ in try #require(try read()) }
  }

  /// Bytes up to the end of the connection.
  func readToEnd() throws -> [UInt8] {
    while try readMore() {}
    return received
  }

  func finishSending() throws { try socket.shutdownWrites() }

  private func readMore() throws -> Bool {
    if isEnded { return false }
    guard try socket.poll(for: .readable, timeoutMillis: 30_000) else { throw ClientError.silent }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    switch try unsafe buffer.withUnsafeMutableBytes({ try unsafe socket.read(into: $0) }) {
    case .bytes(let count): received += buffer[..<count]
    case .wouldBlock: break
    case .endOfFile, .peerReset: isEnded = true
    }
    return !isEnded
  }

  enum ClientError: Error { case closed, silent }

  // MARK: Shorthands

  /// Sends a request; any body.
  func request(_ opcode: Opcode, _ requestId: UInt32, _ body: [UInt8] = []) throws {
    try send(frame(opcode.rawValue, requestId, body))
  }

  /// Answered at once, so everything sent before on any connection of the same worker has been
  /// read: the first answer shows that a turn began after the call, the second that this turn has
  /// ended.
  func synchronize() throws {
    for id: UInt32 in [4_000_000_001, 4_000_000_002] {
      try request(.ping, id, [0, 0])
      let reply = try #require(try read())
      try #require(reply.header.requestId == id)
    }
  }
}

func frame(_ opcode: UInt16, _ requestId: UInt32, _ body: [UInt8] = []) -> [UInt8] {
  let header = FrameHeader(
    length: UInt32(body.count), opcode: opcode, requestId: requestId)
  return bytes(of: header) + body
}

func bytes(of header: FrameHeader) -> [UInt8] {
  var writer = WireWriter()
  writer.u32(header.length)
  writer.u8(header.version)
  writer.u8(header.flags)
  writer.u16(header.opcode)
  writer.u32(header.requestId)
  writer.u16(header.status)
  writer.u16(header.reserved)
  return writer.contents
}

func helloFrame(
  minVersion: UInt16 = 1, maxVersion: UInt16 = 1, maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0
) -> [UInt8] {
  var writer = WireWriter()
  let hello = HelloRequest(
    minVersion: minVersion, maxVersion: maxVersion, maxFrame: maxFrame,
    maxInFlight: maxInFlight, features: 0, clientName: "test")
  try! writer.request(hello, requestId: 1)
  return writer.contents
}
