import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct DeadlineTests {
  @Test("no HELLO in time: TIMEOUT with HELLO's opcode and request id 0, then the end")
  func hello() throws {
    let server = try TestServer()
    defer { server.stop() }
    let silent = try TestClient(server.path)
    let trickling = try TestClient(server.path)
    try trickling.send([1, 2, 3])
    let other = try TestClient(server.path, maxFrame: 0)
    try other.synchronize()
    server.advance(millis: 5_001)
    for client in [silent, trickling] {
      let reply = try #require(try client.read())
      #expect(reply.status == .timeout)
      #expect(reply.header.opcode == 1)
      #expect(reply.header.requestId == 0)
      #expect(reply.message == "no HELLO came in time")
      #expect(try client.read() == nil)
    }
    try other.synchronize()
  }

  @Test("half a frame for too long: TIMEOUT that echoes its header, then the end")
  func partialFrame() throws {
    let server = try TestServer()
    defer { server.stop() }
    let withHeader = try TestClient(server.path, maxFrame: 0)
    let withoutHeader = try TestClient(server.path, maxFrame: 0)
    let whole = frame(Opcode.validate.rawValue, 9, Array(0..<50))
    try withHeader.send(Array(whole[..<40]))
    try withoutHeader.send(Array(whole[..<15]))
    let other = try TestClient(server.path, maxFrame: 0)
    try other.synchronize()
    server.advance(millis: 5_001)
    for (client, opcode, id) in [(withHeader, 0x10, 9), (withoutHeader, 1, 0)] {
      let reply = try #require(try client.read())
      #expect(reply.status == .timeout)
      #expect(reply.header.opcode == UInt16(opcode))
      #expect(reply.header.requestId == UInt32(id))
      #expect(reply.message == "the rest of the frame did not come in time")
      #expect(try client.read() == nil)
    }
  }

  @Test("trickled bytes do not extend a frame's time; a whole frame starts it anew")
  func trickle() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let other = try TestClient(server.path, maxFrame: 0)
    let whole = frame(Opcode.validate.rawValue, 9, [1, 2])
    try client.send(Array(whole[..<10]))
    try other.synchronize()
    server.advance(millis: 4_000)
    try client.send(Array(whole[10...]) + whole[..<10])
    #expect(try client.read()?.header.requestId == 9)
    server.advance(millis: 4_000)
    try other.synchronize()
    try client.send([whole[10]])
    try other.synchronize()
    server.advance(millis: 1_001)
    #expect(try client.read()?.status == .timeout)
    #expect(try client.read() == nil)
  }

  @Test("silence ends a connection without a frame; activity, waiting for a reply, a reply do not")
  func idle() throws {
    let server = try TestServer()
    defer { server.stop() }
    let silent = try TestClient(server.path, maxFrame: 0)
    let active = try TestClient(server.path, maxFrame: 0)
    let waiting = try TestClient(server.path, maxFrame: 0)
    try waiting.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    server.advance(millis: 200_000)
    try active.synchronize()
    server.advance(millis: 100_001)
    #expect(try silent.readToEnd() == [])
    try active.synchronize()
    server.lane.deliver()
    #expect(try waiting.read()?.header.requestId == 2)
    // Its time begins with the reply.
    server.advance(millis: 200_000)
    try waiting.synchronize()
  }

  @Test("idle-timeout-seconds = 0 never ends a silent connection")
  func noIdleTimeout() throws {
    let server = try TestServer(limits: { $0.idleTimeoutSeconds = 0 })
    defer { server.stop() }
    let silent = try TestClient(server.path, maxFrame: 0)
    server.advance(millis: 10_000_000)
    let other = try TestClient(server.path, maxFrame: 0)
    try other.synchronize()
    try silent.synchronize()
  }
}
