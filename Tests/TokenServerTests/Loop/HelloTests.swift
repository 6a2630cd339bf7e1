import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct HelloTests {
  @Test("HELLO answers what was agreed and who the peer is")
  func reply() throws {
    let server = try TestServer(rights: [.validate, .front])
    defer { server.stop() }
    let client = try TestClient(server.path)
    let frame = try client.hello(maxFrame: 2_048, maxInFlight: 7)
    #expect(frame.header.flags == FrameHeader.replyFlag)
    #expect(frame.header.requestId == 1)
    let reply = try HelloReply(body: frame.body)
    #expect(reply.version == 1)
    #expect(reply.maxFrame == 2_048)
    #expect(reply.maxInFlight == 7)
    #expect(reply.instance == Bytes16(word0: 1, word1: 2))
    #expect(reply.position == 77)
    #expect(reply.retryWindowSeconds == 600)
    #expect(reply.retryWindowEntries == 65_536)
    #expect(reply.peerUid == CurrentProcess.effectiveUserID)
    #expect(reply.rights == 3)
  }

  @Test("the lower of both wishes wins, and 0 leaves it to the server")
  func negotiation() throws {
    let server = try TestServer(limits: {
      $0.maxFrameBytes = 4_096
      $0.maxInFlight = 9
    })
    defer { server.stop() }
    for (frame, inFlight, agreedFrame, agreedInFlight) in [
      (0, 0, 4_096, 9), (1_048_576, 65_535, 4_096, 9), (1_024, 1, 1_024, 1),
    ] as [(UInt32, UInt16, UInt32, UInt16)] {
      let client = try TestClient(server.path)
      let answer = try client.hello(maxFrame: frame, maxInFlight: inFlight)
      let reply = try HelloReply(body: answer.body)
      #expect(reply.maxFrame == agreedFrame)
      #expect(reply.maxInFlight == agreedInFlight)
    }
  }

  @Test("a range of versions without 1 is VERSION, then the end")
  func version() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path)
    try client.send(helloFrame(minVersion: 2, maxVersion: 9))
    let reply = try #require(try client.read())
    #expect(reply.status == .version)
    #expect(reply.message == "this server speaks version 1 and no other")
    #expect(try client.read() == nil)
  }

  @Test("the version byte of HELLO itself does not count")
  func helloVersionByte() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path)
    var hello = helloFrame()
    hello[4] = 200
    try client.send(hello)
    #expect(try client.read()?.status == .ok)
  }

  @Test(
    "anything before HELLO is HELLO_REQUIRED, an unknown opcode too", arguments: [2, 0x10, 0x999])
  func required(_ opcode: UInt16) throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path)
    try client.send(frame(opcode, 5))
    let reply = try #require(try client.read())
    #expect(reply.status == .helloRequired)
    #expect(reply.header.requestId == 5)
    #expect(reply.header.opcode == opcode)
    #expect(try client.read() == nil)
  }

  @Test("a second HELLO is MALFORMED")
  func twice() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let reply = try client.hello()
    #expect(reply.status == .malformed)
    #expect(reply.message == "HELLO is the first frame of a connection, once")
    #expect(try client.read() == nil)
  }

  @Test("before HELLO a frame has at most 1,024 bytes, behind it at once more")
  func frameLimit() throws {
    let server = try TestServer()
    defer { server.stop() }
    let large = try TestClient(server.path)
    try large.send(frame(1, 1, Array(repeating: 0, count: 1_025)))
    #expect(try large.read()?.status == .frameTooLarge)
    #expect(try large.read() == nil)

    let pipelined = try TestClient(server.path)
    let body = Array(repeating: UInt8(7), count: 5_000)
    try pipelined.send(helloFrame() + frame(Opcode.validate.rawValue, 2, body))
    #expect(try pipelined.read()?.status == .ok)
    #expect(try pipelined.read()?.body == body)
  }

  @Test("every cut and every garbled byte of a HELLO is answered or waited for")
  func garbled() throws {
    let server = try TestServer()
    defer { server.stop() }
    let hello = helloFrame()
    for index in hello.indices {
      var garbled = hello
      garbled[index] ^= 0xA5
      let client = try TestClient(server.path)
      try client.send(garbled)
      try client.finishSending()
      // Answered once (whatever the answer), or dropped at the end as a frame that never ended.
      let answer = try client.readToEnd()
      #expect(answer.isEmpty || answer.count >= 16)
    }
    // The server lives.
    _ = try TestClient(server.path, maxFrame: 0)
  }
}
