import FakeSignet
import SignetClient
import Testing
import TokenWire

@Suite struct PipeliningTests {
  @Test func repliesOutOfOrderReachTheirRequests() throws {
    let server = FakeServer { peer in
      peer.hello()
      var requests: [(PingRequest, UInt32)] = []
      for _ in 0..<3 { requests.append(peer.request(PingRequest.self)) }
      for (message, id) in requests.reversed() {
        peer.reply(PingReply(echo: message.echo), .ping, id)
      }
    }
    let connection = try connect(server)
    let handles = [
      try connection.send(ping("a")), try connection.send(ping("b")),
      try connection.send(ping("c")),
    ]
    #expect(try connection.receive(handles[1]).echo == Array("b".utf8))
    #expect(try connection.receive(handles[0]).echo == Array("a".utf8))
    #expect(try connection.receive(handles[2]).echo == Array("c".utf8))
    #expect(connection.inFlightCount == 0)
    server.finish()
  }

  @Test func requestsLeaveTogetherBeforeTheFirstReply() throws {
    // The script reads all before it answers any: a client that waits in between would hang.
    let server = FakeServer { peer in
      peer.hello()
      let ids = (0..<50).map { _ in peer.request(PingRequest.self).id }
      for id in ids { peer.reply(PingReply(echo: []), .ping, id) }
    }
    let connection = try connect(server)
    let handles = try (0..<50).map { _ in try connection.send(ping("x")) }
    for handle in handles { _ = try connection.receive(handle) }
    server.finish()
  }

  @Test func noMoreRequestsAreInFlightThanAgreed() throws {
    let server = FakeServer { peer in
      peer.hello(maxInFlight: 2)
      let first = peer.request(PingRequest.self).id
      _ = peer.request(PingRequest.self)
      // The third comes only after one was answered.
      peer.reply(PingReply(echo: Array("one".utf8)), .ping, first)
      let third = peer.request(PingRequest.self).id
      peer.reply(PingReply(echo: Array("three".utf8)), .ping, third)
    }
    let connection = try connect(server)
    let one = try connection.send(ping("1"))
    _ = try connection.send(ping("2"))
    #expect(connection.inFlightCount == 2)
    let three = try connection.send(ping("3"))
    #expect(connection.inFlightCount == 2)
    #expect(try connection.receive(three).echo == Array("three".utf8))
    #expect(try connection.receive(one).echo == Array("one".utf8))
    server.finish()
  }

  @Test func replyInSingleBytesIsPutTogether() throws {
    let server = FakeServer { peer in
      peer.hello()
      let (message, id) = peer.request(PingRequest.self)
      for byte in FakePeer.frame(PingReply(echo: message.echo), .ping, id) { peer.send([byte]) }
    }
    let connection = try connect(server)
    #expect(try connection.call(ping("whole")).echo == Array("whole".utf8))
    server.finish()
  }

  @Test func twoRepliesAndAHalfInOneWrite() throws {
    let server = FakeServer { peer in
      peer.hello()
      let ids = (0..<3).map { _ in peer.request(PingRequest.self).id }
      let frames = ids.map { FakePeer.frame(PingReply(echo: [1, 2, 3]), .ping, $0) }
      peer.send(frames[0] + frames[1] + Array(frames[2].prefix(20)))
      // The rest follows on a request, so that the client has to keep the half.
      let last = peer.request(PingRequest.self).id
      peer.send(Array(frames[2].dropFirst(20)))
      peer.reply(PingReply(echo: [4]), .ping, last)
    }
    let connection = try connect(server)
    let handles = try (0..<3).map { _ in try connection.send(ping("x")) }
    #expect(try connection.receive(handles[0]).echo == [1, 2, 3])
    #expect(try connection.receive(handles[1]).echo == [1, 2, 3])
    #expect(try connection.call(ping("y")).echo == [4])
    #expect(try connection.receive(handles[2]).echo == [1, 2, 3])
    server.finish()
  }

  @Test func bothSidesWritingMoreThanTheSocketHoldsDoNotWaitForEachOther() throws {
    // 4,000 × 1 KiB each way is far above a socket's buffer; the server answers each at once.
    let echo = [UInt8](repeating: 5, count: 1_024)
    let server = FakeServer { peer in
      peer.hello(maxInFlight: 65_535)
      for _ in 0..<4_000 {
        let (message, id) = peer.request(PingRequest.self)
        peer.reply(PingReply(echo: message.echo), .ping, id)
      }
    }
    let connection = try connect(server)
    let handles = try (0..<4_000).map { _ in try connection.send(PingRequest(echo: echo)) }
    for handle in handles.reversed() { #expect(try connection.receive(handle).echo == echo) }
    server.finish()
  }

  @Test func aFrameLargerThanTheInputBufferArrives() throws {
    let server = FakeServer { peer in
      peer.hello(maxFrame: 1_048_576)
      let (_, id) = peer.request(StatusRequest.self)
      let facts = (0..<300).map {
        FactEntry(name: Array("f\($0)".utf8), value: [UInt8](repeating: 118, count: 900))
      }
      peer.reply(StatusReply(position: 3, facts: facts), .status, id)
    }
    let connection = try connect(server)
    #expect(try connection.call(StatusRequest()).facts.count == 300)
    server.finish()
  }

  @Test func abandonedRepliesAreDropped() throws {
    let server = FakeServer { peer in
      peer.hello()
      let first = peer.request(PingRequest.self).id
      let second = peer.request(PingRequest.self).id
      peer.reply(PingReply(echo: [1]), .ping, first)
      peer.reply(PingReply(echo: [2]), .ping, second)
    }
    let connection = try connect(server)
    let first = try connection.send(ping("1"))
    connection.abandon(first)
    #expect(try connection.call(ping("2")).echo == [2])
    #expect(connection.inFlightCount == 0)
    server.finish()
  }

  @Test func timedOutHandleStaysGood() throws {
    let server = FakeServer { peer in
      peer.hello()
      let first = peer.request(PingRequest.self).id
      // Answered only after the second request, which is sent after the time-out.
      let second = peer.request(PingRequest.self).id
      peer.reply(PingReply(echo: [1]), .ping, first)
      peer.reply(PingReply(echo: [2]), .ping, second)
    }
    let connection = try connect(server)
    let first = try connection.send(ping("1"))
    #expect(
      failure { () throws(ClientError) in
        try connection.receive(first, timeoutMillis: 1)
      } == .timedOut(afterMillis: 1))
    #expect(try connection.call(ping("2")).echo == [2])
    #expect(try connection.receive(first).echo == [1])
    server.finish()
  }
}
