import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct ConnectionStateTests {
  @Test("any operation before HELLO, known or not, is HELLO_REQUIRED, then the end")
  func beforeHello() throws {
    let daemon = try RunningDaemon()
    let others = GoldenFrame.typical.values.filter { $0.opcode != Opcode.hello.rawValue }
    for vector in others where vector.bytes.count <= 1_040 {
      try expect(daemon, vector.bytes, [.helloRequired], "\(vector)")
    }
    for opcode in [0, 4, 0x96, 0xEFFF] as [UInt16] {
      try expect(daemon, RawFrame(opcode, 9).bytes, [.helloRequired], "opcode \(opcode)")
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("a second HELLO is MALFORMED, then the end; what came before it was answered")
  func secondHello() throws {
    let daemon = try RunningDaemon()
    let hello = ServiceConnection.hello().bytes
    let ping = RawFrame(Opcode.ping.rawValue, 5, [0, 0]).bytes
    try expect(daemon, hello + ping + hello + ping, [.ok, .ok, .malformed], "second HELLO")
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("every unknown opcode below 0xF000 is UNSUPPORTED with any body, and the connection stays")
  func unknownOpcodes() throws {
    let daemon = try RunningDaemon()
    let connection = try ServiceConnection(daemon.path)
    var random = SplitMix64(seed: 3)
    for opcode in stride(from: UInt16(0), to: 0xF000, by: 7)
    where ProtocolSchema.shared.byOpcode[opcode] == nil {
      let reply = try connection.exchange(opcode, random.bytes(random.below(50)))
      #expect(reply.status == Status.unsupported.rawValue, "opcode \(opcode)")
    }
    #expect(try connection.status(of: BarrierRequest()) == .ok)
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("each header field that is wrong is MALFORMED at once, without waiting for the body")
  func headers() throws {
    let daemon = try RunningDaemon()
    let ping = Opcode.ping.rawValue
    let bad: [(String, RawFrame)] = [
      ("version 0", RawFrame(ping, 5, statedLength: 90, version: 0)),
      ("version 2", RawFrame(ping, 5, statedLength: 90, version: 2)),
      ("reply flag", RawFrame(ping, 5, statedLength: 90, flags: 1)),
      ("flag 7", RawFrame(ping, 5, statedLength: 90, flags: 0x80)),
      ("push opcode", RawFrame(0xF000, 5, statedLength: 90)),
      ("last opcode", RawFrame(0xFFFF, 5, statedLength: 90)),
      ("request id 0", RawFrame(ping, 0, statedLength: 90)),
      ("status", RawFrame(ping, 5, statedLength: 90, status: 1)),
      ("reserved", RawFrame(ping, 5, statedLength: 90, reserved: 0x100)),
    ]
    for (what, frame) in bad {
      let socket = try RawSocket(daemon.path)
      try socket.send(ServiceConnection.hello().bytes + frame.bytes)
      let (replies, _) = try socket.readToEnd()
      #expect(replies.map(\.status) == [0, Status.malformed.rawValue], "\(what)")
      #expect(replies.last?.opcode == frame.opcode, "\(what)")
      #expect(replies.last?.requestId == frame.requestId, "\(what)")
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("a frame above the agreed limit is FRAME_TOO_LARGE at once, the largest allowed is read")
  func oversized() throws {
    let daemon = try RunningDaemon(["--max-frame", "1048576"])
    for limit in [1_024, 16_384, 65_536, 1_048_576] as [UInt32] {
      let connection = try ServiceConnection(daemon.path, maxFrame: limit)
      #expect(connection.hello.maxFrame == limit)
      let full = try connection.exchange(0x0FFF, Array(repeating: 7, count: Int(limit)))
      #expect(full.status == Status.unsupported.rawValue, "limit \(limit)")
      try connection.socket.send(RawFrame(2, 7, statedLength: limit + 1).bytes)
      let (replies, _) = try connection.socket.readToEnd()
      #expect(replies.map(\.status) == [Status.frameTooLarge.rawValue], "limit \(limit)")
    }
    let socket = try RawSocket(daemon.path)
    try socket.send(RawFrame(1, 7, statedLength: 1_025).bytes)
    #expect(try socket.readToEnd().frames.map(\.status) == [Status.frameTooLarge.rawValue])
    #expect(try daemon.stop() == .exited(0))
  }

  private func expect(
    _ daemon: RunningDaemon, _ bytes: [UInt8], _ statuses: [Status], _ what: String
  ) throws {
    let socket = try RawSocket(daemon.path)
    _ = try socket.offer(bytes)
    let (replies, rest) = try socket.readToEnd()
    #expect(rest.isEmpty, "\(what)")
    #expect(replies.map { Status(rawValue: $0.status) } == statuses, "\(what)")
  }
}
