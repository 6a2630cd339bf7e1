import Testing

@testable import TokenCore

@Suite struct ExchangeTests {
  let fixture = Fixture()

  private func code(_ request: Authorize) throws -> TokenID {
    try #require(fixture.newCode(request))
  }

  // MARK: Client authentication

  @Test func F13_oldSecretFailsAndBurnsNothing() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    var regenerated = try #require(fixture.app(app))
    regenerated.secretDigest = Fixture.digest("new secret")
    fixture.apply([.app(fixture.appSlot(app), regenerated)])
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidClient)
    #expect(fixture.code(code)?.state == .fresh)
    let renewed = fixture.exchange(app, code, secret: "new secret")
    #expect(fixture.issued(.exchange(renewed)) != nil)
  }

  @Test func G1_unknownClientAndMissingSecret() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let stranger = fixture.exchange(fixture.newClientID(), code)
    #expect(fixture.reason(.exchange(stranger)) == .invalidClient)
    let bare = fixture.exchange(app, code, secret: nil)
    #expect(fixture.reason(.exchange(bare)) == .invalidClient)
    #expect(fixture.code(code)?.state == .fresh)
  }

  @Test func F41_publicClientSendsNoSecret() throws {
    let app = fixture.register(Fixture.fields(isPublic: true))
    let code = try code(fixture.authorization(app, challenge: Pair.challenge))
    let withSecret = fixture.exchange(app, code, verifier: Pair.verifier)
    #expect(fixture.reason(.exchange(withSecret)) == .invalidClient)
    let plain = fixture.exchange(app, code, secret: nil, verifier: Pair.verifier)
    #expect(fixture.issued(.exchange(plain)) != nil)
  }

  @Test func F48_guessingIsSlowAndLocksNobodyOut() throws {
    let app = fixture.register()
    let other = fixture.register()
    let code = try code(fixture.authorization(app))
    let wrong = Operation.exchange(fixture.exchange(app, code, secret: "wrong"))
    for _ in 0..<20 { #expect(fixture.reason(wrong) == .invalidClient) }
    let refusal = try #require(fixture.refusal(wrong))
    #expect(refusal.reason == .rateLimited && refusal.retryAfterMillis > 0)
    let elsewhere = Operation.exchange(fixture.exchange(other, code, secret: "wrong"))
    #expect(fixture.reason(elsewhere) == .invalidClient)
    #expect(fixture.issued(.exchange(fixture.exchange(app, code))) != nil)
    fixture.wait(seconds: 60)
    #expect(fixture.reason(wrong) == .invalidClient)
  }

  @Test func failedAuthenticationChangesNothingButItsCount() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let wrong = fixture.exchange(app, code, secret: "wrong", redirect: "https://x.example/")
    let call = Call(nowMillis: fixture.nowMillis, peerUID: 1)
    let effects = fixture.state.decide(.exchange(wrong), call).effects
    #expect(
      effects.allSatisfy {
        switch $0 {
        case .clientAuthenticationFailed, .moment: true
        default: false
        }
      })
  }

  // MARK: The code

  @Test func F32_codeIsSingleUse() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    #expect(fixture.issued(.exchange(fixture.exchange(app, code))) != nil)
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
  }

  @Test func G2_replayRevokesWhatTheCodeProduced() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let first = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
    let second = try #require(
      fixture.issued(.refresh(fixture.refresh(app, first.refreshID))))
    let bystander = try fixture.authorized(app)
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
    #expect(fixture.lastAudit?.event == .codeReplayed)
    #expect(fixture.verdict(second.id) != .live)
    let rotation = fixture.refresh(app, second.refreshID)
    #expect(fixture.reason(.refresh(rotation)) == .invalidGrant)
    #expect(fixture.verdict(bystander.id) == .live)
  }

  @Test func G2_replayByAnotherClientRevokesNothing() throws {
    let app = fixture.register()
    let other = fixture.register()
    let code = try code(fixture.authorization(app))
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
    #expect(fixture.reason(.exchange(fixture.exchange(other, code))) == .invalidGrant)
    #expect(fixture.verdict(token.id) == .live)
    #expect(fixture.code(code)?.state == .redeemed)
  }

  @Test func G2_replaySparesTheSlotsNextOwner() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
    let slot = try #require(fixture.grantSlot(token.grantID))
    let family = try #require(fixture.grant(token.grantID)?.familySlot)
    fixture.mayReclaim = false
    fixture.apply([
      .gateRaised(.grant(slot), position: fixture.state.position), .familyFreed(family),
      .grantFreed(slot),
    ])
    let next = try fixture.authorized(app, by: fixture.bob)
    #expect(fixture.grantSlot(next.grantID) == slot)
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
    #expect(fixture.verdict(next.id) == .live)
  }

  @Test func F32_codeExpires() throws {
    let app = fixture.register()
    let first = try code(fixture.authorization(app))
    let second = try code(fixture.authorization(app))
    fixture.mayReclaim = false
    fixture.wait(seconds: 59)
    #expect(fixture.issued(.exchange(fixture.exchange(app, first))) != nil)
    fixture.wait(seconds: 1)
    #expect(fixture.reason(.exchange(fixture.exchange(app, second))) == .invalidGrant)
  }

  @Test func F31_codeLifetimeIsASetting() throws {
    fixture.set { $0.codeLifetimeSeconds = 600 }
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    fixture.wait(seconds: 599)
    #expect(fixture.issued(.exchange(fixture.exchange(app, code))) != nil)
  }

  @Test func CVE_2026_6334_codeOfAnotherClientIsBurnt() throws {
    let app = fixture.register()
    let thief = fixture.register()
    let code = try code(fixture.authorization(app))
    #expect(fixture.reason(.exchange(fixture.exchange(thief, code))) == .invalidGrant)
    #expect(fixture.code(code)?.state == .burnt)
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
  }

  @Test func CVE_2026_16089_codeCannotBeRetargeted() throws {
    let app = fixture.register()
    // The same callback registered elsewhere does not make the code that client's.
    let twin = fixture.register()
    let publicTwin = fixture.register(Fixture.fields(isPublic: true))
    for thief in [(twin, "secret" as String?), (publicTwin, nil)] {
      let code = try code(fixture.authorization(app, challenge: Pair.challenge))
      let request = fixture.exchange(
        thief.0, code, secret: thief.1, verifier: Pair.verifier)
      #expect(fixture.reason(.exchange(request)) == .invalidGrant)
      #expect(fixture.code(code)?.state == .burnt)
    }
  }

  @Test func F32_wrongRedirectBurnsTheCode() throws {
    let callbacks = ["https://client.example/callback", "https://client.example/other"]
    let app = fixture.register(Fixture.fields(callbacks: callbacks))
    for wrong in [callbacks[1], "", "https://client.example/callback/"] {
      let code = try code(fixture.authorization(app))
      let request = fixture.exchange(app, code, redirect: wrong)
      #expect(fixture.reason(.exchange(request)) == .invalidGrant)
      #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
    }
  }

  @Test func F32_foreignCodeIsRefused() {
    let app = fixture.register()
    var request = fixture.exchange(app, fixture.newID())
    #expect(fixture.reason(.exchange(request)) == .invalidGrant)
    request.code = .foreign
    #expect(fixture.reason(.exchange(request)) == .invalidGrant)
  }

  // MARK: PKCE

  @Test func F40_wrongOrMissingVerifierBurnsTheCode() throws {
    let app = fixture.register()
    let cases: [(verifier: [UInt8], challenge: [UInt8])] = [
      ([], []), (Pair.verifier, Pair.otherChallenge), (bytes("short"), Pair.challenge),
      (Pair.verifier + bytes("!"), Pair.challenge),
    ]
    for (verifier, challenge) in cases {
      let code = try code(fixture.authorization(app, challenge: Pair.challenge))
      let request = fixture.exchange(app, code, verifier: verifier, challenge: challenge)
      #expect(fixture.reason(.exchange(request)) == .invalidGrant)
      let right = fixture.exchange(app, code, verifier: Pair.verifier)
      #expect(fixture.reason(.exchange(right)) == .invalidGrant)
    }
  }

  @Test func F40_verifierWithoutChallengeIsADowngrade() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let request = fixture.exchange(app, code, verifier: Pair.verifier)
    #expect(fixture.reason(.exchange(request)) == .invalidGrant)
    #expect(fixture.code(code)?.state == .burnt)
  }

  @Test func F40_rightVerifierPasses() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app, challenge: Pair.challenge))
    let request = fixture.exchange(app, code, verifier: Pair.verifier)
    #expect(fixture.issued(.exchange(request)) != nil)
  }

  // MARK: Resource, scopes, grants

  @Test func F45_resourceMustMatchAndBecomesTheAudience() throws {
    let app = fixture.register()
    let api = "https://api.example/"
    for resource in ["", api] {
      let code = try code(fixture.authorization(app, resource: api))
      let request = fixture.exchange(app, code, resource: resource)
      #expect(fixture.issued(.exchange(request))?.audience == bytes(api))
    }
    for wrong in ["https://api.example", "https://other.example/"] {
      let code = try code(fixture.authorization(app, resource: api))
      let request = fixture.exchange(app, code, resource: wrong)
      #expect(fixture.reason(.exchange(request)) == .invalidTarget)
      #expect(fixture.code(code)?.state == .burnt)
    }
    let code = try code(fixture.authorization(app))
    let late = fixture.exchange(app, code, resource: api)
    #expect(fixture.reason(.exchange(late)) == .invalidTarget)
  }

  @Test func F15_tokenIsThatOfTheUserWhoAuthorized() throws {
    let app = fixture.register(by: fixture.admin)
    let token = try fixture.authorized(app, by: fixture.bob)
    let record = try #require(fixture.record(token.id))
    #expect(fixture.state.userID(record.user) == bytes("bob"))
  }

  @Test func G4_everyExchangeMakesAGrantOfItsOwn() throws {
    let app = fixture.register()
    let tokens = try (0..<3).map { _ in try fixture.authorized(app) }
    #expect(Set(tokens.map(\.grantID)).count == 3)
    for token in tokens { #expect(fixture.verdict(token.id) == .live) }
  }

  @Test func F31_lifetimesFollowTheSettings() throws {
    fixture.set {
      $0.accessTokenLifetimeSeconds = 120
      $0.refreshIdleSeconds = 300
      $0.refreshAbsoluteSeconds = 200
    }
    let app = fixture.register()
    let token = try fixture.authorized(app)
    #expect(token.expiresInSeconds == 120)
    #expect(token.expiresAtMillis == UInt64(fixture.nowSeconds + 120) * 1_000)
    #expect(token.refreshExpiresAtMillis == UInt64(fixture.nowSeconds + 200) * 1_000)
    fixture.wait(seconds: 120)
    #expect(fixture.verdict(token.id) == .expired)
  }

  @Test func F41_refreshTokensOfPublicClientsAreASetting() throws {
    let app = fixture.register(Fixture.fields(isPublic: true))
    func token() throws -> IssuedToken {
      let code = try code(fixture.authorization(app, challenge: Pair.challenge))
      let request = fixture.exchange(app, code, secret: nil, verifier: Pair.verifier)
      return try #require(fixture.issued(.exchange(request)))
    }
    let with = try token()
    #expect(with.refreshID != nil)
    fixture.set { $0.issuesRefreshTokensToPublicClients = false }
    #expect(try token().refreshID == nil)
    let rotation = fixture.refresh(app, with.refreshID, secret: nil)
    #expect(fixture.reason(.refresh(rotation)) == .unauthorizedClient)
  }

  @Test func appWithoutTheGrantTypeGetsNothing() throws {
    let app = fixture.register(Fixture.fields(grantTypes: [.clientCredentials]))
    let request = fixture.exchange(app, fixture.newID())
    #expect(fixture.reason(.exchange(request)) == .unauthorizedClient)
    let noRefresh = fixture.register(Fixture.fields(grantTypes: [.authorizationCode]))
    #expect(try fixture.authorized(noRefresh).refreshID == nil)
  }

  @Test func F49_theOldestGrantGoes() throws {
    fixture.set { $0.grantsPerUser = 3 }
    let app = fixture.register()
    let tokens = try (0..<4).map { _ in try fixture.authorized(app) }
    #expect(fixture.verdict(tokens[0].id) == .revoked || fixture.verdict(tokens[0].id) == .absent)
    for token in tokens[1...] { #expect(fixture.verdict(token.id) == .live) }
    let other = try fixture.authorized(app, by: fixture.bob)
    #expect(fixture.verdict(other.id) == .live)
    #expect(fixture.verdict(tokens[1].id) == .live)
  }

  @Test func F49_deadGrantsDoNotCount() throws {
    fixture.mayReclaim = false
    fixture.set { $0.grantsPerUser = 3 }
    let app = fixture.register()
    let tokens = try (0..<3).map { _ in try fixture.authorized(app) }
    #expect(fixture.commit(.revoke(.grant(tokens[2].grantID))) == .revoked(true))
    _ = try fixture.authorized(app)
    #expect(fixture.verdict(tokens[0].id) == .live)
  }

  @Test func F49_theOldestGoesAlsoAfterARestart() throws {
    fixture.mayReclaim = false
    fixture.set { $0.grantsPerUser = 2 }
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try fixture.authorized(app)
    #expect(fixture.commit(.revoke(.grant(first.grantID))) == .revoked(true))
    fixture.mayReclaim = true
    // The third grant gets the first one's slot, below the second's.
    for _ in 0..<8 { _ = fixture.commit(.revoke(.refreshToken(second.refreshID ?? .none))) }
    let users = try (0..<3).map { _ in try fixture.authorized(app) }
    try fixture.restart()
    let last = try fixture.authorized(app)
    #expect(fixture.verdict(last.id) == .live)
    #expect(fixture.verdict(users[2].id) == .live)
    #expect(fixture.verdict(users[1].id) != .live)
  }

  // MARK: The user

  @Test func F38_codeOfADisabledUserIsDead() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    let slot = fixture.userSlot("alice")
    var user = try #require(fixture.user("alice"))
    user.isDisabled = true
    fixture.apply([.user(slot, user)])
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
    #expect(fixture.state.grants.liveCount == 0)
  }

  @Test func CVE_2026_16103_checksOfTheStartHoldAtRedemption() throws {
    let app = fixture.register()
    let first = try code(fixture.authorization(app))
    var changed = try #require(fixture.app(app))
    changed.fields.grantTypes = [.clientCredentials]
    fixture.apply([.app(fixture.appSlot(app), changed)])
    #expect(fixture.reason(.exchange(fixture.exchange(app, first))) == .unauthorizedClient)
    changed.fields.grantTypes = .standard
    fixture.apply([.app(fixture.appSlot(app), changed)])
    fixture.apply([
      .gateRaised(.user(fixture.userSlot("alice")), position: fixture.state.position + 1)
    ])
    #expect(fixture.reason(.exchange(fixture.exchange(app, first))) == .invalidGrant)
    fixture.switchOff()
    #expect(fixture.reason(.exchange(fixture.exchange(app, first))) == .providerOff)
  }

  @Test func retiredKeyMeansPreparingAgainAndBurnsNothing() throws {
    let app = fixture.register()
    let code = try code(fixture.authorization(app))
    var request = fixture.exchange(app, code, redirect: "https://x.example/")
    request.token.keyID = 9
    #expect(fixture.commit(.exchange(request)) == .stalePreparation)
    #expect(fixture.code(code)?.state == .fresh)
  }
}
