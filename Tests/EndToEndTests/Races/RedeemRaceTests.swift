import TestSupport
import Testing
import TokenWire

/// One credential, 64 connections over all workers, all at once.
@Suite(.serialized) struct RedeemRaceTests {
  private static let rounds = 200
  private static let racers = 64

  @Test("64 connections redeem one code: one winner, INVALID_GRANT for the rest, 200 rounds")
  func code() throws {
    let race = try Race(racers: Self.racers)
    for round in 0..<Self.rounds {
      let code = try race.admin.code(race.app)
      let replies = try race.run(race.admin.exchange(race.app, code: code))
      let winners = replies.filter { $0.status == 0 }
      #expect(winners.count == 1, "round \(round)")
      let losers = Set(replies.map(\.status)).subtracting([0])
      #expect(losers == [Status.invalidGrant.rawValue], "round \(round)")
      // Its own client showed a used code again: what it made is taken back (RFC 6749 4.1.2).
      let tokens = try #require(winners.first).tokens()
      // UNKNOWN where the record was reclaimed since.
      let verdict = try race.admin.verdict(tokens.accessToken)
      #expect(verdict == .revoked || verdict == .unknown, "round \(round)")
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("64 connections refresh one token: one successor within the grace, 200 rounds")
  func refreshWithinGrace() throws {
    let race = try Race(racers: Self.racers)
    try race.admin.set([("refresh-grace-seconds", "60")])
    var current = try race.admin.issue(race.app, withRefresh: true)[0].refreshToken
    for round in 0..<Self.rounds {
      let replies = try race.run(race.admin.refresh(race.app, token: current))
      #expect(replies.allSatisfy { $0.status == 0 }, "round \(round)")
      let sets = try replies.map { try $0.tokens() }
      #expect(Set(sets.map(\.refreshToken)).count == 1, "round \(round): two successors")
      #expect(Set(sets.map(\.accessToken)).count == 1, "round \(round): two access tokens")
      #expect(try race.admin.verdict(sets[0].accessToken) == .valid, "round \(round)")
      #expect(sets[0].refreshToken != current)
      current = sets[0].refreshToken
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("64 connections refresh one token without grace: one winner, the family dies, 200 rounds")
  func refreshWithoutGrace() throws {
    let race = try Race(racers: Self.racers)
    try race.admin.set([("refresh-grace-seconds", "0")])
    for round in 0..<Self.rounds {
      let issued = try race.admin.issue(race.app, withRefresh: true)[0]
      let replies = try race.run(race.admin.refresh(race.app, token: issued.refreshToken))
      let winners = replies.filter { $0.status == 0 }
      #expect(winners.count == 1, "round \(round)")
      let losers = Set(replies.map(\.status)).subtracting([0])
      #expect(losers == [Status.invalidGrant.rawValue], "round \(round)")
      let made = try #require(winners.first).tokens()
      for verdict in try race.admin.verdicts([issued.accessToken, made.accessToken]) {
        #expect(verdict == .revoked || verdict == .unknown, "round \(round)")
      }
      let next = try race.admin.status(of: race.admin.refresh(race.app, token: made.refreshToken))
      #expect(next == .invalidGrant, "round \(round)")
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("64 connections answer one consent ticket: one code, TICKET_INVALID for the rest")
  func ticket() throws {
    let race = try Race(racers: Self.racers)
    for round in 0..<Self.rounds / 4 {
      let user = "user\(round)"
      let ticket = try race.admin.ticket(race.app, user: user)
      let replies = try race.run(AllowRequest(acting: .session(user), ticket: ticket))
      #expect(replies.filter { $0.status == 0 }.count == 1, "round \(round)")
      let losers = Set(replies.map(\.status)).subtracting([0])
      #expect(losers == [Status.ticketInvalid.rawValue], "round \(round)")
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("64 connections repeat one keyed mutation: one grant, the same tokens for all")
  func idempotencyKey() throws {
    let race = try Race(racers: Self.racers)
    for round in UInt64(1)...UInt64(Self.rounds) {
      let item = IssueItem(
        clientId: race.app.clientId, user: Array("user\(round)".utf8), scope: [], audience: [],
        lifetimeSeconds: 0, withRefresh: true, count: 1)
      let request = IssueRequest(key: Bytes16(word0: round, word1: 1), items: [item])
      let replies = try race.run(request)
      #expect(replies.allSatisfy { $0.status == 0 }, "round \(round)")
      #expect(Set(replies.map(\.body)).count == 1, "round \(round)")
    }
    #expect(try race.daemon.stop() == .exited(0))
  }
}

/// A daemon with an app, and many connections to it.
struct Race {
  let daemon: RunningDaemon
  let admin: ServiceConnection
  let app: RegisteredApp
  let racers: [ServiceConnection]

  init(racers count: Int) throws {
    let running = try RunningDaemon(["--workers", "4"])
    daemon = running
    admin = try ServiceConnection(running.adminPath)
    try admin.switchOn()
    app = try admin.register()
    racers = try (0..<count).map { _ in try ServiceConnection(running.path) }
  }

  /// Sends the same request on every connection before any reply is read.
  func run<M: RequestMessage>(_ message: M) throws -> [RawFrame] {
    let body = try message.encodedBody()
    let opcode = M.opcode.rawValue
    let ids = try racers.map { try $0.send(opcode, body) }
    return try zip(racers, ids).map { racer, id in
      let frame = try racer.read()
      #expect(frame.requestId == id)
      return frame
    }
  }
}

extension RawFrame {
  /// The tokens of an OK reply of the token endpoint.
  func tokens() throws -> TokenSet { try TokensReply(body: body).tokens }
}
