import FakeSignet
import SignetClient
import Testing
import TokenWire

@Suite struct ErrorTests {
  @Test func aRefusalCarriesEverythingAndTheConnectionGoesOn() throws {
    let server = FakeServer { peer in
      peer.hello()
      peer.refuse(
        StatusRequest.self, .busy, field: "acting.user", message: "too much", retryAfterMillis: 250)
      peer.answer(PingRequest.self, PingReply(echo: [1]))
    }
    let connection = try connect(server)
    let error = failure { () throws(ClientError) in try connection.call(StatusRequest()) }
    #expect(
      error
        == .refused(
          Refusal(
            code: 7, field: "acting.user", message: "too much", retryAfterMillis: 250,
            oauthError: "temporarily_unavailable")))
    #expect(error?.description == "BUSY (acting.user): too much")
    #expect(try connection.call(ping("x")).echo == [1])
    server.finish()
  }

  @Test func aStatusOfALaterVersionKeepsItsNumber() throws {
    let server = FakeServer { peer in
      peer.hello()
      let id = peer.request(PingRequest.self).id
      var frame = FakePeer.frame(ErrorBody(message: Array("later".utf8)), .ping, id)
      frame[12] = 0x34
      frame[13] = 0x12
      peer.send(frame)
    }
    let connection = try connect(server)
    let error = failure { () throws(ClientError) in try connection.call(ping("x")) }
    #expect(error == .refused(Refusal(code: 0x1234, message: "later")))
    #expect(error?.description == "STATUS_0x1234: later")
    server.finish()
  }

  @Test func noSocketIsCannotConnect() {
    let path = "/tmp/fake-signet-absent/s.sock"
    let error = failure { () throws(ClientError) in try SignetConnection.connect(path: path) }
    #expect(error == .cannotConnect(path: path, reason: .noSuchSocket))
  }

  @Test func serverThatClosesBeforeHelloIsCannotConnect() {
    let server = FakeServer { _ in }
    let error = failure { () throws(ClientError) in try connect(server) }
    guard case .cannotConnect(_, .other) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    server.finish()
  }

  @Test func refusedHelloIsARefusal() {
    let server = FakeServer { peer in
      peer.refuse(HelloRequest.self, .draining, message: "stopping", retryAfterMillis: 1_000)
    }
    guard case .refused(let refusal)? = failure({ () throws(ClientError) in try connect(server) })
    else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.status == .draining)
    server.finish()
  }

  @Test func tooManyConnectionsBeforeAnyRequestIsARefusal() {
    let server = FakeServer { peer in
      peer.error(.tooManyConnections, ErrorBody(.tooManyConnections, message: "full"), 1, 0)
    }
    guard case .refused(let refusal)? = failure({ () throws(ClientError) in try connect(server) })
    else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.status == .tooManyConnections)
    server.finish()
  }

  @Test(arguments: [
    (4, 2, "version"), (5, 0, "flags"), (6, 0x11, "another operation"), (8, 99, "not in flight"),
    (14, 1, "reserved"), (3, 0x7F, "limit"),
  ])
  func aHeaderNoServerSendsIsAViolation(offset: Int, value: UInt8, says: String) throws {
    let server = FakeServer { peer in
      peer.hello()
      let (_, id) = peer.request(PingRequest.self)
      var frame = FakePeer.frame(PingReply(echo: [1]), .ping, id)
      frame[offset] = value
      peer.send(frame)
    }
    let connection = try connect(server)
    guard
      case .protocolViolation(let what)? = failure({ () throws(ClientError) in
        try connection.call(ping("x"))
      })
    else {
      Issue.record("no violation")
      return
    }
    #expect(what.contains(says))
    server.finish()
  }

  @Test func aBodyTooShortIsAViolation() throws {
    let server = FakeServer { peer in
      peer.hello()
      let (_, id) = peer.request(StatusRequest.self)
      peer.reply(PositionReply(position: 1), .status, id)
    }
    let connection = try connect(server)
    guard
      case .protocolViolation? = failure({ () throws(ClientError) in
        try connection.call(StatusRequest())
      })
    else {
      Issue.record("no violation")
      return
    }
    server.finish()
  }

  @Test(
    "an error that cannot be read ends the connection, as any other broken body",
    arguments: [true, false])
  func anUnreadableError(ofTheRequest: Bool) throws {
    let server = FakeServer { peer in
      peer.hello()
      let (_, id) = peer.request(PingRequest.self)
      var frame = FakePeer.frame(PingReply(echo: [9]), .ping, ofTheRequest ? id : 0)
      frame[12] = UInt8(truncatingIfNeeded: Status.busy.rawValue)
      peer.send(frame)
      let isClosed = peer.isAtEnd()
      #expect(isClosed)
    }
    let connection = try connect(server)
    let error = failure { () throws(ClientError) in try connection.call(ping("x")) }
    guard case .protocolViolation(let what)? = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(what.contains("error reply"))
    server.finish()
  }

  @Test("a HELLO reply that grants more than was asked for is none")
  func moreThanWasAskedFor() {
    for (maxFrame, maxInFlight) in [(UInt32(65_536), UInt16(8)), (4_096, 1_024)] {
      let server = FakeServer { peer in peer.hello(maxFrame: maxFrame, maxInFlight: maxInFlight) }
      var options = quick
      (options.maxFrame, options.maxInFlight) = (4_096, 8)
      let error = failure { () throws(ClientError) in
        try connect(server, options)
      }
      guard case .protocolViolation? = error else {
        Issue.record("\(error as Any)")
        return
      }
      server.finish()
    }
  }

  @Test func aPushThatNoFeatureAskedForIsAViolation() throws {
    let server = FakeServer { peer in
      peer.hello()
      _ = peer.request(PingRequest.self)
      var push = FakePeer.frame(PingReply(echo: [9]), .ping, 0)
      push[6] = 0x01
      push[7] = 0xF0
      peer.send(push)
    }
    let connection = try connect(server)
    let error = failure { () throws(ClientError) in try connection.call(ping("x")) }
    guard case .protocolViolation(let what)? = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(what.contains("push"))
    server.finish()
  }

  /// Whoever waits for it, each request in flight is told.
  @Test func aReplyOfAnotherOperationFailsItsOwnRequestToo() throws {
    let server = FakeServer { peer in
      peer.hello()
      let (_, first) = peer.request(PingRequest.self)
      _ = peer.request(PingRequest.self)
      peer.reply(PositionReply(position: 1), .barrier, first)
    }
    let connection = try connect(server)
    let handles = [try connection.send(ping("a")), try connection.send(ping("b"))]
    // The second sees the violation; the first, whose reply it was, fails like any other.
    for handle in handles.reversed() {
      let error = failure { () throws(ClientError) in try connection.receive(handle) }
      #expect(error != nil)
    }
    #expect(connection.inFlightCount == 0)
    server.finish()
  }

  @Test func aRequestAboveTheFrameLimitIsNotSent() throws {
    let server = FakeServer { peer in
      peer.hello(maxFrame: 1_024)
      peer.answer(PingRequest.self, PingReply(echo: [1]))
    }
    let connection = try connect(server)
    let long = String(repeating: "x", count: 2_000)
    guard
      case .unsendable? = failure({ () throws(ClientError) in
        try connection.call(BackupRequest(name: long))
      })
    else {
      Issue.record("sent")
      return
    }
    #expect(try connection.call(ping("x")).echo == [1])
    server.finish()
  }

  @Test func positionOfTheLastChangeIsRemembered() throws {
    let server = FakeServer { peer in
      peer.hello(position: 5)
      peer.answer(KeysRotateRequest.self, KeysRotateReply(position: 41, keyId: 2))
      peer.answer(StatusRequest.self, StatusReply(position: 40, facts: []))
    }
    let connection = try connect(server)
    #expect(connection.lastPosition == 5)
    _ = try connection.call(KeysRotateRequest(key: key))
    _ = try connection.call(StatusRequest())
    #expect(connection.lastPosition == 41)
    server.finish()
  }

  @Test func randomKeysDifferAndAreNeverZero() {
    let keys = Set((0..<100).map { _ in IdempotencyKey.random() })
    #expect(keys.count == 100)
    #expect(!keys.contains(.zero))
  }
}
