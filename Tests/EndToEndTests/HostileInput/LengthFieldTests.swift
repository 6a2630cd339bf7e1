import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct LengthFieldTests {
  @Test("the frame's length set to 0, 1, the limits and beyond: answered as the schema says")
  func frameLength() throws {
    let daemon = try RunningDaemon()
    for vector in GoldenFrame.requests where vector.opcode != Opcode.hello.rawValue {
      let stated = UInt64(vector.body.count)
      let lengths: [UInt64] = [
        0, 1, stated &- 1, stated + 1, 65_535, 65_536, 65_537, 1 << 31, (1 << 32) - 1,
      ]
      for length in Set(lengths) where length < 1 << 32 {
        var bytes = vector.bytes
        bytes.replaceSubrange(0..<4, with: little(length, 4))
        try check(bytes, "\(vector), length \(length)", daemon)
      }
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("each text, list and group length in each body set to 0, 1, the limits and beyond")
  func innerLengths() throws {
    let daemon = try RunningDaemon()
    for vector in GoldenFrame.requests where vector.opcode != Opcode.hello.rawValue {
      let operation = try #require(ProtocolSchema.shared.byOpcode[vector.opcode])
      let walk = BodyWalk(vector.body, of: operation)
      #expect(walk.fault == nil, "\(vector)")
      // Thousands of alike tokens teach nothing more.
      for length in walk.lengths.prefix(60) {
        let stated = Int(number(vector.body[...], at: length.offset, 2))
        let values = [0, 1, stated - 1, stated + 1, 128, 129, 512, 513, 1 << 15, 65_534, 65_535]
        for value in Set(values) where value >= 0 {
          var bytes = vector.bytes
          let place = 16 + length.offset
          bytes.replaceSubrange(place..<place + 2, with: little(UInt64(value), 2))
          try check(bytes, "\(vector), \(length.kind) \(length.name) = \(value)", daemon)
        }
      }
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("HELLO with each length wrong is MALFORMED, or waited for, or FRAME_TOO_LARGE")
  func helloLengths() throws {
    let daemon = try RunningDaemon()
    let good = ServiceConnection.hello().bytes
    for length in [0, 1, 19, 1_025, 1 << 31, (1 << 32) - 1] as [UInt64] {
      var bytes = good
      bytes.replaceSubrange(0..<4, with: little(length, 4))
      let status = length > 1_024 ? Status.frameTooLarge : .malformed
      try checkHello(bytes, daemon, [status])
    }
    for length in [1_024, UInt64(good.count - 15)] {
      var bytes = good
      bytes.replaceSubrange(0..<4, with: little(length, 4))
      try checkHello(bytes, daemon, [])
    }
    for nameLength in [16, 128, 129, 65_535] {
      var bytes = good
      bytes.replaceSubrange(34..<36, with: little(UInt64(nameLength), 2))
      try checkHello(bytes, daemon, [.malformed])
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("every body of the vectors: the bad ones are MALFORMED and close, the good ones are judged")
  func goldenBodies() throws {
    let daemon = try RunningDaemon()
    #expect(GoldenFrame.bodies.count > 400)
    for vector in GoldenFrame.bodies where vector.opcode != Opcode.hello.rawValue {
      let operation = try #require(ProtocolSchema.shared.byOpcode[vector.opcode])
      let isBad = BodyWalk(vector.body, of: operation).fault != nil
      #expect(isBad == (vector.fault == "MALFORMED"), "\(vector)")
      try check(vector.bytes, "\(vector)", daemon)
    }
    #expect(try daemon.stop() == .exited(0))
  }

  private func checkHello(
    _ bytes: [UInt8], _ daemon: RunningDaemon, _ statuses: [Status]
  ) throws {
    let socket = try RawSocket(daemon.path)
    _ = try socket.offer(bytes)
    socket.finishSending()
    let (replies, rest) = try socket.readToEnd()
    #expect(rest.isEmpty)
    #expect(replies.map(\.status) == statuses.map(\.rawValue), "\(hexText(bytes))")
  }

  /// Sends one broken frame behind a HELLO and holds all that comes back against the model.
  private func check(_ bytes: [UInt8], _ what: String, _ daemon: RunningDaemon) throws {
    let model = StreamModel(bytes, rights: RightSet.all.rawValue, maxFrame: 65_536)
    let connection = try ServiceConnection(daemon.path)
    _ = try connection.socket.offer(bytes)
    connection.socket.finishSending()
    let (replies, rest) = try connection.socket.readToEnd()
    if let fault = model.fault(of: replies, rest: rest) { Issue.record("\(what): \(fault)") }
  }
}
