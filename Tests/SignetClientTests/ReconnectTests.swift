import FakeSignet
import SignetClient
import Testing
import TokenWire

@Suite struct ReconnectTests {
  @Test func aReadIsSentAgainOnANewConnection() throws {
    let server = FakeServer(
      { peer in
        peer.hello()
        _ = peer.request(StatusRequest.self)
      },
      { peer in
        peer.hello()
        peer.answer(StatusRequest.self, StatusReply(position: 9, facts: []))
      })
    let connection = try connect(server)
    #expect(try connection.call(StatusRequest()).position == 9)
    #expect(connection.reconnectCount == 1)
    server.finish()
  }

  @Test func aKeyedMutationIsSentAgainWithTheSameBytes() throws {
    let server = FakeServer(
      { peer in
        peer.hello()
        #expect(peer.request(KeysRotateRequest.self).message.key == key)
      },
      { peer in
        peer.hello()
        let sent = peer.answer(KeysRotateRequest.self, KeysRotateReply(position: 2, keyId: 3))
        #expect(sent.key == key)
      })
    let connection = try connect(server)
    #expect(try connection.call(KeysRotateRequest(key: key)).keyId == 3)
    server.finish()
  }

  @Test("another store gets no mutation again, and its positions count from anew")
  func anotherStore() throws {
    let server = FakeServer(
      { peer in
        peer.hello(position: 900)
        _ = peer.request(KeysRotateRequest.self)
      },
      { peer in
        peer.hello(position: 5, instance: 7)
        // The next request of this connection is the ping, not the rotation.
        peer.answer(PingRequest.self, PingReply(echo: [1]))
      })
    let connection = try connect(server)
    #expect(connection.lastPosition == 900)
    let error = failure { () throws(ClientError) in
      try connection.call(KeysRotateRequest(key: key))
    }
    guard case .outcomeUnknown(let reason)? = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(reason.contains("another store"))
    #expect(try connection.call(ping("x")).echo == [1])
    #expect(connection.lastPosition == 5)
    server.finish()
  }

  @Test func aMutationWithoutKeyIsNeverSentAgain() throws {
    let server = FakeServer(
      { peer in
        peer.hello()
        _ = peer.request(KeysRotateRequest.self)
      },
      { peer in
        peer.hello()
        // The next request of this connection is the ping, not the rotation.
        peer.answer(PingRequest.self, PingReply(echo: [1]))
      })
    let connection = try connect(server)
    guard
      case .outcomeUnknown? = failure({ () throws(ClientError) in
        try connection.call(KeysRotateRequest())
      })
    else {
      Issue.record("sent again")
      return
    }
    #expect(try connection.call(ping("x")).echo == [1])
    server.finish()
  }

  @Test func theSecondLossFails() throws {
    let server = FakeServer(
      { peer in
        peer.hello()
        _ = peer.request(KeysRotateRequest.self)
      },
      { peer in
        peer.hello()
        _ = peer.request(KeysRotateRequest.self)
      })
    let connection = try connect(server)
    guard
      case .outcomeUnknown? = failure({ () throws(ClientError) in
        try connection.call(KeysRotateRequest(key: key))
      })
    else {
      Issue.record("no outcomeUnknown")
      return
    }
    server.finish()
  }

  @Test func backupIsNotRepeated() throws {
    let server = FakeServer { peer in
      peer.hello()
      _ = peer.request(BackupRequest.self)
    }
    let connection = try connect(server)
    guard
      case .outcomeUnknown? = failure({ () throws(ClientError) in
        try connection.call(BackupRequest(name: "monday"))
      })
    else {
      Issue.record("no outcomeUnknown")
      return
    }
    server.finish()
  }

  @Test func aConnectionClosedWhileIdleCostsNothing() throws {
    // Even a mutation without key goes through: not a byte of it was sent on the dead connection.
    let server = FakeServer(
      { peer in
        peer.hello()
        peer.answer(PingRequest.self, PingReply(echo: [1]))
      },
      { peer in
        peer.hello()
        peer.answer(KeysRotateRequest.self, KeysRotateReply(position: 2, keyId: 3))
      })
    let connection = try connect(server)
    _ = try connection.call(ping("x"))
    server.awaitClose()
    #expect(try connection.call(KeysRotateRequest()).keyId == 3)
    server.finish()
  }

  @Test func aLastErrorFrameIsHeardBeforeTheLoss() throws {
    let server = FakeServer { peer in
      peer.hello()
      let first = peer.request(PingRequest.self).id
      let second = peer.request(StatusRequest.self).id
      peer.reply(PingReply(echo: [1]), .ping, first)
      peer.error(.malformed, ErrorBody(.malformed, message: "bad"), Opcode.status.rawValue, second)
    }
    let connection = try connect(server)
    let first = try connection.send(ping("x"))
    let second = try connection.send(StatusRequest())
    guard
      case .refused(let refusal)? = failure({ () throws(ClientError) in
        try connection.receive(second)
      })
    else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.status == .malformed)
    #expect(try connection.receive(first).echo == [1])
    server.finish()
  }

  @Test func pipelinedRequestsAreSortedIntoAgainAndUnknown() throws {
    let server = FakeServer(
      { peer in
        peer.hello()
        let answered = peer.request(PingRequest.self).id
        _ = peer.request(KeysRotateRequest.self)
        _ = peer.request(StatusRequest.self)
        peer.reply(PingReply(echo: [1]), .ping, answered)
      },
      { peer in
        peer.hello()
        peer.answer(StatusRequest.self, StatusReply(position: 77, facts: []))
      })
    let connection = try connect(server)
    let answered = try connection.send(ping("x"))
    let unknown = try connection.send(KeysRotateRequest())
    let again = try connection.send(StatusRequest())
    #expect(try connection.receive(again).position == 77)
    #expect(try connection.receive(answered).echo == [1])
    guard
      case .outcomeUnknown? = failure({ () throws(ClientError) in
        try connection.receive(unknown)
      })
    else {
      Issue.record("sent again")
      return
    }
    server.finish()
  }

  @Test func withoutReconnectALossIsFinal() throws {
    var options = quick
    options.reconnects = false
    let server = FakeServer { peer in
      peer.hello()
      _ = peer.request(PingRequest.self)
    }
    let connection = try connect(server, options)
    for _ in 0..<2 {
      guard
        case .closed? = failure({ () throws(ClientError) in try connection.call(ping("x")) })
      else {
        Issue.record("not closed")
        return
      }
    }
    server.finish()
  }

  @Test func aServerThatStaysAwayFailsReadsAsClosed() throws {
    var options = quick
    options.reconnectTimeoutMillis = 0
    let server = FakeServer { peer in
      peer.hello()
      _ = peer.request(StatusRequest.self)
    }
    let connection = try connect(server, options)
    guard
      case .closed? = failure({ () throws(ClientError) in try connection.call(StatusRequest()) })
    else {
      Issue.record("not closed")
      return
    }
    server.finish()
  }
}
