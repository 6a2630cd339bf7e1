import FakeSignet
import SignetClient
import Testing
import TokenWire

@Suite struct ValidateTests {
  /// Answers VALIDATE frames so that each verdict's `expiresInSeconds` is the token's number.
  static func serve(_ peer: inout FakePeer, frames: Int) -> [Int] {
    var sizes: [Int] = []
    var replies: [(ValidateReply, UInt32)] = []
    for _ in 0..<frames {
      let (request, id) = peer.request(ValidateRequest.self)
      sizes.append(request.tokens.count)
      let numbers = request.tokens.map { UInt32(String(decoding: $0, as: UTF8.self)) ?? 0 }
      replies.append(
        (
          request.form == .verdict
            ? .verdicts(numbers.map { VerdictElement(verdict: 0, expiresInSeconds: $0) })
            : .identities(numbers.map { Identity(verdict: 0, expiresAt: UInt64($0)) }), id
        ))
    }
    // Backwards, so that order in the answer is the client's doing.
    for (reply, id) in replies.reversed() { peer.reply(reply, .validate, id) }
    return sizes
  }

  @Test func manyTokensGoInFramesOf512InOrder() throws {
    let server = FakeServer { peer in
      peer.hello()
      #expect(Self.serve(&peer, frames: 3) == [512, 512, 276])
    }
    let connection = try connect(server)
    let reply = try connection.validate((0..<1_300).map { "\($0)" })
    guard case .verdicts(let verdicts) = reply else {
      Issue.record("form")
      return
    }
    #expect(verdicts.map(\.expiresInSeconds) == (0..<1_300).map { UInt32($0) })
    server.finish()
  }

  @Test func identityFramesLeaveRoomForTheLargestReply() throws {
    let server = FakeServer { peer in
      peer.hello(maxFrame: 16_384)
      #expect(Self.serve(&peer, frames: 3) == [20, 20, 5])
    }
    let connection = try connect(server)
    let reply = try connection.validate((0..<45).map { "\($0)" }, form: .identity)
    guard case .identities(let identities) = reply else {
      Issue.record("form")
      return
    }
    #expect(identities.map(\.expiresAt) == (0..<45).map { UInt64($0) })
    server.finish()
  }

  @Test func whatIsAskedForIsInEveryFrame() throws {
    let server = FakeServer { peer in
      peer.hello()
      let request = peer.answer(
        ValidateRequest.self, .verdicts([VerdictElement(verdict: 8, expiresInSeconds: 0)]))
      #expect(request.requiredScopes == Array("a b".utf8))
      #expect(request.audience == Array("https://api/".utf8))
      #expect(request.flags == ValidateRequest.anyAudience)
      #expect(request.atLeastPosition == 12)
    }
    let connection = try connect(server)
    let reply = try connection.validate(
      ["t"], scopes: "a b", audience: "https://api/", anyAudience: true, atLeastPosition: 12)
    #expect(reply == .verdicts([VerdictElement(verdict: 8, expiresInSeconds: 0)]))
    server.finish()
  }

  @Test func aTokenOfAnyLengthDoesNotSpoilTheBatch() throws {
    let server = FakeServer { peer in
      peer.hello()
      let request = peer.answer(
        ValidateRequest.self,
        .verdicts(
          [
            VerdictElement(verdict: 2, expiresInSeconds: 0),
            VerdictElement(verdict: 0, expiresInSeconds: 9),
          ]))
      #expect(request.tokens.map(\.count) == [256, 1])
    }
    let connection = try connect(server)
    let reply = try connection.validate([String(repeating: "x", count: 100_000), "1"])
    #expect(reply.count == 2)
    server.finish()
  }

  @Test func noTokensNeedNoServer() throws {
    let server = FakeServer { peer in peer.hello() }
    let connection = try connect(server)
    #expect(try connection.validate([String]()) == .verdicts([]))
    server.finish()
  }

  @Test func aReplyOfTheWrongCountIsAViolation() throws {
    let server = FakeServer { peer in
      peer.hello()
      peer.answer(ValidateRequest.self, .verdicts([]))
    }
    let connection = try connect(server)
    guard
      case .protocolViolation? = failure({ () throws(ClientError) in
        try connection.validate(["t"])
      })
    else {
      Issue.record("no violation")
      return
    }
    server.finish()
  }
}
