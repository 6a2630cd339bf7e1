import Testing

@testable import TokenCore

/// Many clients and one code: whatever the order that the lane takes their calls in, the code is
/// redeemed at most once, and what a second showing revokes stays revoked.
@Suite struct T16CodeRaceTests {
  /// One showing of the code.
  private enum Showing: CaseIterable {
    /// By its own client, as it was given.
    case right
    case wrongVerifier, wrongRedirect
    /// By another client, with a secret of its own that is right.
    case stranger
    /// Without the right secret: changes nothing.
    case unauthenticated
    /// The person is revoked in between.
    case revocation
  }

  @Test func T16_oneCodeHasAtMostOneWinner() throws {
    var world = try World()
    for seed in 0..<RaceRounds.count {
      if seed % RaceRounds.perFixture == 0 { world = try World() }
      var random = SplitMix64(seed)
      let showings = (0..<(2 + random.below(6))).map { _ in
        Showing.allCases[random.below(Showing.allCases.count)]
      }
      let fault = try world.play(showings)
      #expect(fault == nil, "seed \(seed), \(showings): \(fault ?? "")")
    }
  }

  private struct World {
    let fixture = Fixture()
    let app: [UInt8]
    let other: [UInt8]
    init() throws {
      app = fixture.register()
      other = fixture.register()
    }

    /// What the showings came to other than they must; nil = nothing.
    mutating func play(_ showings: [Showing]) throws -> String? {
      let code = try #require(
        fixture.newCode(fixture.authorization(app, challenge: Pair.challenge)))
      var isFresh = true
      var winner: IssuedToken?
      var isWinnerAlive = false
      for showing in showings {
        if showing == .revocation {
          fixture.commit(.revokeUser(fixture.alice.user, .allSessions))
          (isFresh, isWinnerAlive) = (false, false)
          continue
        }
        let outcome = fixture.commit(.exchange(request(showing, code)))
        let token: IssuedToken? = if case .token(let token) = outcome { token } else { nil }
        guard (token != nil) == (isFresh && showing == .right) else {
          return "\(showing) was \(token == nil ? "refused" : "answered")"
        }
        if let token { (winner, isWinnerAlive) = (token, true) }
        switch showing {
        case .unauthenticated, .revocation: break
        case .right where token != nil: isFresh = false
        case .stranger: isFresh = false
        case .right, .wrongVerifier, .wrongRedirect:
          // Shown again by its own client, it ends what it produced.
          isFresh = false
          isWinnerAlive = false
        }
        if let fault = judge(winner, isAlive: isWinnerAlive) { return "\(showing): \(fault)" }
      }
      if let winner { fixture.commit(.revoke(.grant(winner.grantID))) }
      fixture.wait(seconds: 61)
      fixture.forgetJournal()
      return nil
    }

    private func request(_ showing: Showing, _ code: TokenID) -> ExchangeCode {
      var request = fixture.exchange(app, code, verifier: Pair.verifier)
      switch showing {
      case .right, .revocation: break
      case .wrongVerifier: request.verifierChallenge = Pair.otherChallenge
      case .wrongRedirect: request.redirectURI = bytes("https://client.example/other")
      case .stranger: request.client = Fixture.credential(other)
      case .unauthenticated: request.client = Fixture.credential(app, secret: "wrong")
      }
      return request
    }

    private func judge(_ winner: IssuedToken?, isAlive: Bool) -> String? {
      guard let winner else { return nil }
      let verdict = fixture.verdict(winner.id)
      guard (verdict == .live) == isAlive else { return "the access token is \(verdict)" }
      guard let refreshID = winner.refreshID,
        let introspection = fixture.introspection(
          .introspect(.refreshToken(refreshID, keyID: winner.refreshKeyID)))
      else { return "no refresh token" }
      guard (introspection.reason == .active) == isAlive else {
        return "the refresh token is \(introspection.reason)"
      }
      return nil
    }
  }
}
