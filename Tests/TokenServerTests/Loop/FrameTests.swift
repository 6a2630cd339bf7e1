import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct FrameTests {
  @Test(
    "a header that breaks the format gets a last error frame that echoes it",
    arguments: [
      (FrameHeader(version: 2, opcode: 2, requestId: 9), Status.malformed, "version"),
      (FrameHeader(flags: 1, opcode: 2, requestId: 9), .malformed, "flags"),
      (FrameHeader(flags: 0x80, opcode: 2, requestId: 9), .malformed, "flags"),
      (FrameHeader(opcode: 0xF000, requestId: 9), .malformed, "opcode"),
      (FrameHeader(opcode: 2, requestId: 0), .malformed, "requestId"),
      (FrameHeader(opcode: 2, requestId: 9, status: 1), .malformed, "status"),
      (FrameHeader(opcode: 2, requestId: 9, reserved: 1), .malformed, "reserved"),
      (FrameHeader(length: 65_537, opcode: 2, requestId: 9), .frameTooLarge, "length"),
      (FrameHeader(length: .max, opcode: 2, requestId: 9), .frameTooLarge, "length"),
    ])
  func headerFault(_ header: FrameHeader, _ status: Status, _ field: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    // The frame before is still answered, the one behind is not.
    try client.send(frame(2, 8, [0, 0]) + bytes(of: header) + frame(2, 10, [0, 0]))
    #expect(try client.read()?.header.requestId == 8)
    let last = try #require(try client.read())
    #expect(last.status == status)
    #expect(last.field == field)
    #expect(last.header.opcode == header.opcode)
    #expect(last.header.requestId == header.requestId)
    #expect(last.header.flags == FrameHeader.replyFlag)
    #expect(try client.read() == nil)
  }

  @Test("an unknown opcode is UNSUPPORTED and the connection stays")
  func unknownOpcode() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    try client.send(frame(0x0999, 3, [1, 2, 3]))
    let reply = try #require(try client.read())
    #expect(reply.status == .unsupported)
    #expect(
      reply.message == "this version knows no operation 2457; see the operations in its protocol")
    try client.synchronize()
  }

  @Test("CVE-2026-25506: the right is checked before the body is looked at")
  func rightBeforeBody() throws {
    let server = try TestServer(rights: .validate)
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    // The dispatcher would call this body malformed and end the connection.
    try client.request(.issue, 3, [0xEE])
    let reply = try #require(try client.read())
    #expect(reply.status == .denied)
    let uid = CurrentProcess.effectiveUserID
    #expect(
      reply.message == "uid \(uid) has no right issue on \(server.path), where the most is "
        + "validate; use another socket, or add the right to this one's rights=")
    try client.synchronize()
  }

  @Test("a malformed body is answered, then the connection ends")
  func malformedBody() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    try client.request(.validate, 4, [0xEE])
    let reply = try #require(try client.read())
    #expect(reply.status == .malformed)
    #expect(reply.field == "test")
    #expect(try client.read() == nil)
  }

  @Test("PING sends its bytes back, up to 1,024 of them")
  func ping() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let echo = [UInt8](repeating: 0x5A, count: 1_024)
    try client.request(.ping, 2, [0x00, 0x04] + echo)
    #expect(try client.read()?.body == [0x00, 0x04] + echo)
    try client.request(.ping, 3, [0x01, 0x04] + echo + [0])
    #expect(try client.read()?.status == .malformed)
    #expect(try client.read() == nil)
  }

  @Test("a frame cut at any byte gets the same reply, byte for byte")
  func everyCut() throws {
    let server = try TestServer(answersAtOnce: true)
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let other = try TestClient(server.path, maxFrame: 0)
    let frames: [[UInt8]] = [
      frame(Opcode.ping.rawValue, 7, [3, 0, 1, 2, 3]),
      frame(Opcode.validate.rawValue, 8, Array(0..<40)),
      frame(Opcode.issue.rawValue, 9, Array(0..<17)),
      frame(Opcode.barrier.rawValue, 10),
      frame(0x0999, 11, [1]),
    ]
    for bytes in frames {
      try client.send(bytes)
      let whole = try #require(try client.read())
      for cut in 1..<bytes.count {
        try client.send(Array(bytes[..<cut]))
        // The server has read the first part when this is answered.
        try other.synchronize()
        try client.send(Array(bytes[cut...]))
        #expect(try client.read() == whole)
      }
    }
  }

  @Test("a frame as large as agreed passes in as many reads as it takes")
  func largestFrame() throws {
    let server = try TestServer(limits: { $0.maxFrameBytes = 1_048_576 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let body = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try client.request(.validate, 2, body)
    let reply = try #require(try client.read())
    #expect(reply.body == body)
  }

  @Test("a peer that sends its last byte still gets every answer")
  func halfClose() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    try client.request(.issue, 2, [1])
    try client.request(.validate, 3, [2])
    // A frame that never ends is dropped.
    try client.send([1, 2, 3])
    try client.finishSending()
    #expect(server.lane.waitForPending(1))
    #expect(try client.read()?.header.requestId == 3)
    server.lane.deliver()
    #expect(try client.read()?.header.requestId == 2)
    #expect(try client.read() == nil)
  }
}
