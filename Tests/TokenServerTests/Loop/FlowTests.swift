import LinuxIO
import TestSupport
import Testing
import TokenWire

@testable import TokenServer

struct FlowTests {
  @Test("replies come as they are ready, whatever the order of requests")
  func outOfOrder() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    try client.send(
      frame(Opcode.issue.rawValue, 2, [2]) + frame(Opcode.issue.rawValue, 3, [3])
        + frame(Opcode.validate.rawValue, 4, [4]))
    #expect(try client.read() == reply(.validate, 4, [4]))
    #expect(server.lane.waitForPending(2))
    server.lane.deliver([1, 0])
    #expect(try client.read() == reply(.issue, 3, [3]))
    #expect(try client.read() == reply(.issue, 2, [2]))
  }

  @Test("many connections that ask at once each get their own replies")
  func many() throws {
    let server = try TestServer()
    defer { server.stop() }
    // Three times as many as are read from before the first reply is sent.
    let clients = try (0..<48).map { _ in try TestClient(server.path, maxFrame: 0) }
    let first = try TestClient(server.path, maxFrame: 0)
    for round: UInt32 in 2..<12 {
      // All requests are there before the worker looks: it is held in a turn until then.
      server.lane.hold()
      try first.request(.issue, round, [99])
      #expect(server.lane.waitUntilHolding())
      for (index, client) in clients.enumerated() {
        try client.send(
          frame(Opcode.validate.rawValue, round, [UInt8(index)])
            + frame(Opcode.validate.rawValue, round + 100, [UInt8(index), 1]))
      }
      server.lane.letGo()
      #expect(server.lane.waitForPending(1))
      server.lane.deliver()
      #expect(try first.read() == reply(.issue, round, [99]))
      for (index, client) in clients.enumerated() {
        #expect(try client.read() == reply(.validate, round, [UInt8(index)]))
        #expect(try client.read() == reply(.validate, round + 100, [UInt8(index), 1]))
      }
    }
  }

  @Test("BARRIER is answered after everything before it, and holds back what is behind it")
  func barrier() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    try client.request(.barrier, 2)
    let position: [UInt8] = [77, 0, 0, 0, 0, 0, 0, 0]
    #expect(try client.read() == reply(.barrier, 2, position))
    try client.send(
      frame(Opcode.issue.rawValue, 3, [3]) + frame(Opcode.issue.rawValue, 4, [4])
        + frame(Opcode.barrier.rawValue, 5) + frame(Opcode.validate.rawValue, 6, [6])
        + frame(Opcode.barrier.rawValue, 7))
    #expect(server.lane.waitForPending(2))
    server.lane.deliver([1, 0])
    #expect(
      try client.read(5).map(\.header.requestId) == [4, 3, 5, 6, 7])
  }

  @Test("at the limit of requests in flight the rest waits, and nothing is lost")
  func inFlightCap() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxInFlight: 4)
    let other = try TestClient(server.path, maxFrame: 0)
    let requests = (2...11).map { frame(Opcode.issue.rawValue, $0, [UInt8($0)]) }
    try client.send(Array(requests.joined()))
    #expect(server.lane.waitForPending(4))
    try other.synchronize()
    #expect(server.lane.pendingCount == 4)
    // More that arrives meanwhile is not read either.
    try client.request(.validate, 12, [12])
    try other.synchronize()
    #expect(server.lane.pendingCount == 4)
    server.lane.deliver()
    #expect(server.lane.waitForPending(4))
    try other.synchronize()
    #expect(server.lane.pendingCount == 4)
    server.lane.deliver()
    #expect(server.lane.waitForPending(2))
    server.lane.deliver()
    let replies = try client.read(11)
    #expect(Set(replies.map(\.header.requestId)) == Set(2...12))
    #expect(replies.allSatisfy { $0.body == [UInt8($0.header.requestId)] })
  }

  @Test("a peer that ends its half while it is held back gets every reply, then the end")
  func halfCloseWhileHeldBack() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try TestClient(server.path, maxInFlight: 1)
    let other = try TestClient(server.path, maxFrame: 0)
    try client.send(
      frame(Opcode.issue.rawValue, 2, [2]) + frame(Opcode.barrier.rawValue, 3)
        + frame(Opcode.validate.rawValue, 4, [4]))
    #expect(server.lane.waitForPending(1))
    try client.finishSending()
    // The worker has heard of it.
    try other.synchronize()
    server.lane.deliver()
    #expect(try client.read(3).map(\.header.requestId) == [2, 3, 4])
    #expect(try client.read() == nil)
  }

  @Test("a peer that reads nothing is read no further, and gets every reply when it does")
  func slowReaderComesBack() throws {
    let server = try TestServer(limits: { $0.writeBufferBytes = 65_536 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let sent = try fillUntilHeldBack(client, server)
    var next: UInt32 = 2
    for _ in 0..<sent.whole {
      let reply = try #require(try client.read())
      #expect(reply.header.requestId == next)
      #expect(reply.body.count == Self.bodyBytes)
      next += 1
    }
    // The rest of the frame that was cut off.
    try client.send(sent.rest)
    if !sent.rest.isEmpty { #expect(try client.read()?.header.requestId == next) }
    try client.synchronize()
  }

  @Test("a peer that ends its half while it takes no replies gets every reply, then the end")
  func halfCloseOfASlowReader() throws {
    let server = try TestServer(limits: { $0.writeBufferBytes = 65_536 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let other = try TestClient(server.path, maxFrame: 0)
    let sent = try fillUntilHeldBack(client, server)
    try client.finishSending()
    try other.synchronize()
    #expect(try client.read(sent.whole).last?.body.count == Self.bodyBytes)
    #expect(try client.read() == nil)
  }

  @Test("a peer that takes nothing for the whole time is closed")
  func slowReader() throws {
    let server = try TestServer(limits: { $0.writeBufferBytes = 65_536 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    _ = try fillUntilHeldBack(client, server)
    server.advance(millis: 10_001)
    #expect(server.logLines.wait(for: "closed: slowReader"))
    // What the kernel holds is still there, then the end: never more than was asked for.
    let received = try client.readToEnd()
    #expect(!received.isEmpty)
    // Others are served.
    _ = try TestClient(server.path, maxFrame: 0)
  }

  static let bodyBytes = 4_000

  /// Sends requests with large replies until the server takes no more: how many whole ones went,
  /// and what of the last one did not.
  private func fillUntilHeldBack(
    _ client: TestClient, _ server: TestServer
  ) throws -> (whole: Int, rest: [UInt8]) {
    let other = try TestClient(server.path, maxFrame: 0)
    var (id, blocked) = (UInt32(2), 0)
    var rest: [UInt8] = []
    while blocked < 3 {
      if rest.isEmpty {
        rest = frame(
          Opcode.validate.rawValue, id, Array(repeating: UInt8(id % 200), count: Self.bodyBytes))
        id += 1
      }
      let sent = try client.sendSome(rest)
      rest.removeFirst(sent)
      if sent == 0 {
        // Whatever can be read has been read when this is answered.
        try other.synchronize()
        blocked += 1
      } else {
        blocked = 0
      }
    }
    return (Int(id) - 2 - (rest.isEmpty ? 0 : 1), rest)
  }

  @Test("while the lane's replies are above the write buffer, no further frame is decoded")
  func lateRepliesHoldBack() throws {
    let server = try TestServer(limits: { $0.writeBufferBytes = 65_536 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let other = try TestClient(server.path, maxFrame: 0)
    let count = UInt32(200)
    for id in 2..<2 + count {
      try client.request(
        .issue, id, Array(repeating: UInt8(id % 200), count: Self.bodyBytes))
    }
    #expect(server.lane.waitForPending(Int(count)))
    // 800,000 bytes at once, and the peer reads none: the kernel takes what it has room for.
    server.lane.deliver()
    try other.synchronize()
    try client.request(.issue, 999, [9])
    for _ in 0..<3 { try other.synchronize() }
    #expect(server.lane.pendingCount == 0)
    let replies = try client.read(Int(count))
    #expect(replies.map(\.header.requestId) == Array(2..<2 + count))
    #expect(server.lane.waitForPending(1))
    server.lane.deliver()
    #expect(try client.read()?.header.requestId == 999)
  }

  @Test("requests cut anywhere get the same replies in the same order")
  func randomChunks() throws {
    let server = try TestServer(settings: { $0.framesPerTurn = 7 })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let seed: UInt64 = 0x5167_4E37_0013
    var random = SplitMix64(seed: seed)
    for round in 0..<40 {
      var (stream, expected): ([UInt8], [TestFrame]) = ([], [])
      for id in 2...101 as ClosedRange<UInt32> {
        let body = [UInt8](repeating: UInt8(id), count: random.pick([0, 1, 30, 700]))
        if random.pick([true, true, true, false]) {
          stream += frame(Opcode.validate.rawValue, id, body)
          expected.append(reply(.validate, id, body))
        } else {
          stream += frame(Opcode.ping.rawValue, id, [2, 0, 1, 2])
          expected.append(reply(.ping, id, [2, 0, 1, 2]))
        }
      }
      var rest = stream[...]
      while !rest.isEmpty {
        let piece = rest.prefix(random.pick([1, 15, 16, 17, 400, 5_000, 100_000]))
        try client.send(Array(piece))
        rest = rest.dropFirst(piece.count)
      }
      #expect(try client.read(100) == expected, "seed \(seed), round \(round)")
    }
  }

  @Test("a turn's share of frames only delays the rest")
  func framesPerTurn() throws {
    let server = try TestServer(settings: {
      $0.framesPerTurn = 3
      $0.readBytesPerTurn = 1_024
    })
    defer { server.stop() }
    let client = try TestClient(server.path, maxFrame: 0)
    let requests = (2...501).map { frame(Opcode.validate.rawValue, $0, [1, 2, 3]) }
    try client.send(Array(requests.joined()))
    #expect(try client.read(500).map(\.header.requestId) == Array(2...501))
  }

  @Test("a reply for a closed connection never reaches the next tenant of its slot")
  func staleReply() throws {
    let server = try TestServer(limits: { $0.maxConnections = 20 })
    defer { server.stop() }
    var first: TestClient? = try TestClient(server.path, maxFrame: 0)
    try first?.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    first = nil
    let second = try TestClient(server.path, maxFrame: 0)
    try second.synchronize()
    let third = try TestClient(server.path, maxFrame: 0)
    server.lane.deliver()
    for client in [second, third] { try client.synchronize() }
  }

  @Test("many connections over several workers each get their own replies")
  func workers() throws {
    let server = try TestServer(workers: 3, answersAtOnce: true)
    defer { server.stop() }
    let clients = try (0..<24).map { _ in try TestClient(server.path, maxFrame: 0) }
    for (index, client) in clients.enumerated() {
      for id in UInt32(2)..<42 {
        let opcode: Opcode = id % 2 == 0 ? .validate : .issue
        try client.request(opcode, id, [UInt8(index), UInt8(id)])
      }
      try client.request(.barrier, 50)
    }
    for (index, client) in clients.enumerated() {
      let replies = try client.read(41)
      #expect(replies.last?.header.opcode == Opcode.barrier.rawValue)
      #expect(Set(replies.dropLast().map(\.header.requestId)) == Set(2..<42))
      #expect(
        replies.dropLast().allSatisfy {
          $0.body == [UInt8(index), UInt8($0.header.requestId)]
        })
    }
  }

  private func reply(_ opcode: Opcode, _ id: UInt32, _ body: [UInt8]) -> TestFrame {
    var header = FrameHeader.reply(opcode: opcode.rawValue, requestId: id)
    header.length = UInt32(body.count)
    return TestFrame(header: header, body: body)
  }
}
