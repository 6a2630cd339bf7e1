import TestSupport
import Testing
import TokenWire

/// A denial works from the moment its reply is there, whichever worker is asked.
@Suite(.serialized) struct RevokeRaceTests {
  private static let rounds = 200

  @Test("a VALIDATE begun after any denial's reply never says VALID, on any worker, 200 rounds")
  func revoked() throws {
    let race = try Race(racers: 8)
    for round in 0..<Self.rounds {
      let user = "user\(round)"
      let issued = try race.admin.issue(race.app, user: user, withRefresh: true)[0]
      let token = issued.accessToken
      for racer in race.racers { #expect(try racer.verdict(token) == .valid, "round \(round)") }
      // These are on their way while the denial is; either verdict is right for them.
      let early = try race.racers.map { try $0.send(try validation(token)) }
      try deny(race, round, user, issued)
      let late = try race.racers.map { try $0.send(try validation(token)) }
      for (racer, ids) in zip(race.racers, zip(early, late)) {
        #expect(try racer.read().requestId == ids.0)
        let frame = try racer.read()
        #expect(frame.requestId == ids.1)
        let reply = try ValidateReply(body: frame.body)
        guard case .verdicts(let elements) = reply else { continue }
        #expect(elements.map(\.verdict) == [Verdict.revoked.rawValue], "round \(round)")
      }
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("a token issued after KEYS_ROTATE is VALID on every worker at once, 200 rounds")
  func rotated() throws {
    let race = try Race(racers: 8)
    for round in 0..<Self.rounds {
      try race.admin.call(KeysRotateRequest())
      let token = try race.admin.issue(race.app, user: "user\(round)")[0].accessToken
      for racer in race.racers {
        #expect(try racer.verdict(token) == .valid, "round \(round)")
      }
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("a token is VALID on every worker as soon as its reply is there, 200 rounds")
  func readYourWrite() throws {
    let race = try Race(racers: 8)
    for round in 0..<Self.rounds {
      let token = try race.admin.issue(race.app, user: "user\(round)")[0].accessToken
      for racer in race.racers {
        #expect(try racer.verdict(token) == .valid, "round \(round)")
      }
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  @Test("VALIDATE never says VALID once SETTINGS_SET has answered provider off, nor off once on")
  func providerSwitch() throws {
    let race = try Race(racers: 8)
    let token = try race.admin.issue(race.app)[0].accessToken
    for round in 0..<Self.rounds {
      let isOn = round % 2 == 1
      try race.admin.set([("provider-enabled", isOn ? "true" : "false")])
      for racer in race.racers {
        #expect(try racer.verdict(token) == (isOn ? .valid : .providerOff), "round \(round)")
      }
    }
    #expect(try race.daemon.stop() == .exited(0))
  }

  private func validation(_ token: [UInt8]) throws -> ValidateRequest {
    ValidateRequest(form: .verdict, tokens: [token])
  }

  /// One of the ways to take a token back, in turn.
  private func deny(_ race: Race, _ round: Int, _ user: String, _ issued: TokenSet) throws {
    switch round % 7 {
    case 0: try race.admin.call(RevokeRequest(subject: issued.accessToken))
    case 1: try race.admin.call(RevokeRequest(subject: issued.accessor))
    case 2: try race.admin.call(RevokeRequest(subject: issued.refreshToken))
    case 3: try race.admin.call(UserDisableRequest(user: user))
    case 4:
      let request = DeauthorizeRequest(
        acting: .session(user), user: Array(user.utf8), clientId: race.app.clientId)
      try race.admin.call(request)
    case 5: try race.admin.call(RevokeBeforeRequest(before: 0))
    default: try race.admin.call(RevokeAppRequest(clientId: race.app.clientId))
    }
  }
}
