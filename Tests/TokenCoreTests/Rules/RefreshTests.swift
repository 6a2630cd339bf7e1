import Testing

@testable import TokenCore

@Suite struct RefreshTests {
  let fixture = Fixture()

  private func rotated(
    _ app: [UInt8], _ token: IssuedToken, scope: String = ""
  ) throws -> IssuedToken {
    try #require(
      fixture.issued(.refresh(fixture.refresh(app, token.refreshID, scope: scope))))
  }

  private func reason(_ app: [UInt8], _ token: IssuedToken) -> Refusal.Reason? {
    fixture.reason(.refresh(fixture.refresh(app, token.refreshID)))
  }

  @Test func F31_bothTokensRotate() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    #expect(second.id != first.id && second.refreshID != first.refreshID)
    #expect(second.refreshID?.generation == 1)
    #expect(second.grantID == first.grantID)
    #expect(fixture.verdict(first.id) == .revoked)
    #expect(fixture.verdict(second.id) == .live)
  }

  @Test func F13_refreshWithTheOldSecretFails() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let wrong = fixture.refresh(app, token.refreshID, secret: "old")
    #expect(fixture.reason(.refresh(wrong)) == .invalidClient)
    #expect(fixture.family(token.refreshID ?? .none)?.generation == 0)
    _ = try rotated(app, token)
  }

  @Test func G3_reuseRevokesFamily() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    let third = try rotated(app, second)
    #expect(reason(app, first) == .invalidGrant)
    #expect(fixture.lastAudit?.event == .refreshTokenReused)
    #expect(fixture.lastAudit?.refusal == Refusal.Reason.invalidGrant.rawValue)
    #expect(fixture.verdict(third.id) == .revoked)
    #expect(reason(app, third) == .invalidGrant)
  }

  @Test func G3_predecessorWithinTheGraceGetsTheSameSuccessor() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    fixture.wait(seconds: 9)
    let call = Call(nowMillis: fixture.nowMillis, peerUID: 1)
    let request = fixture.refresh(app, first.refreshID)
    for effect in fixture.state.decide(.refresh(request), call).effects {
      switch effect {
      case .audit, .moment: continue
      default: Issue.record("the grace changes nothing, but: \(effect)")
      }
    }
    var again = try rotated(app, first)
    #expect(again.expiresInSeconds == second.expiresInSeconds - 9)
    again.expiresInSeconds = second.expiresInSeconds
    #expect(again == second)
    #expect(fixture.verdict(second.id) == .live)
  }

  @Test func G3_graceIsOver() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    fixture.wait(seconds: 10)
    #expect(reason(app, first) == .invalidGrant)
    #expect(fixture.verdict(second.id) != .live)
  }

  @Test func G3_graceEndsWithTheSuccessorsFirstUse() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    let third = try rotated(app, second)
    #expect(reason(app, first) == .invalidGrant)
    #expect(fixture.verdict(third.id) != .live)
  }

  @Test func G3_noGraceMeansNone() throws {
    fixture.set { $0.refreshGraceSeconds = 0 }
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    #expect(reason(app, first) == .invalidGrant)
    #expect(fixture.verdict(second.id) != .live)
  }

  @Test func django_oauth_toolkit_1617_graceGivesTheSameTokenNotAnotherOne() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    let tokens = fixture.state.tokens.liveCount
    for _ in 0..<3 {
      let again = try rotated(app, first)
      #expect(again.id == second.id && again.refreshID == second.refreshID)
    }
    #expect(fixture.state.tokens.liveCount <= tokens)
    // And the successor still rotates afterwards.
    _ = try rotated(app, second)
  }

  @Test func issue50999_rotationsWithinOneMillisecondAreToldApart() throws {
    let app = fixture.register()
    var tokens = [try fixture.authorized(app)]
    for _ in 0..<5 { tokens.append(try rotated(app, tokens[tokens.count - 1])) }
    #expect(reason(app, tokens[2]) == .invalidGrant)
    #expect(fixture.verdict(tokens[5].id) != .live)
  }

  @Test func CVE_2026_1035_oneOfTwoRefreshesWins() throws {
    fixture.set { $0.refreshGraceSeconds = 0 }
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let requests = [0, 1].map { _ in fixture.refresh(app, first.refreshID) }
    let outcomes = requests.map { fixture.commit(.refresh($0)) }
    let won = outcomes.filter { if case .token = $0 { true } else { false } }
    #expect(won.count == 1)
  }

  @Test func CVE_2026_9802_restartRevivesNoRotatedToken() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    let third = try rotated(app, second)
    try fixture.restart()
    #expect(reason(app, first) == .invalidGrant)
    #expect(fixture.verdict(third.id) == .revoked)
    try fixture.restart()
    #expect(reason(app, third) == .invalidGrant)
  }

  @Test func G3_graceHoldsAcrossARestart() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    try fixture.restart()
    #expect(try rotated(app, first).id == second.id)
  }

  @Test func issue51312_refreshAfterRevokeGivesNothing() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let refreshID = try #require(token.refreshID)
    #expect(fixture.commit(.revoke(.refreshToken(refreshID))) == .revoked(true))
    #expect(reason(app, token) == .invalidGrant)
    // And the other way round: what a refresh gave is gone with the grant.
    let other = try fixture.authorized(app)
    let rotatedToken = try rotated(app, other)
    #expect(
      fixture.commit(.revoke(.refreshToken(other.refreshID ?? .none))) == .revoked(true))
    #expect(fixture.verdict(rotatedToken.id) != .live)
    #expect(reason(app, rotatedToken) == .invalidGrant)
  }

  @Test func foreignClientChangesNothing() throws {
    let app = fixture.register()
    let thief = fixture.register()
    let first = try fixture.authorized(app)
    let second = try rotated(app, first)
    let third = try rotated(app, second)
    for token in [first, second, third] { #expect(reason(thief, token) == .invalidGrant) }
    #expect(fixture.verdict(third.id) == .live)
    _ = try rotated(app, third)
  }

  @Test func generationAboveTheCurrentIsUnknown() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let future = token.refreshID?.with(generation: 1)
    let request = fixture.refresh(app, future)
    #expect(fixture.reason(.refresh(request)) == .invalidGrant)
    #expect(fixture.verdict(token.id) == .live)
    _ = try rotated(app, token)
  }

  @Test func generationOverflowIsRefused() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let found = try #require(fixture.familyRow(token.refreshID ?? .none))
    var family = found.family
    family.generation = .max
    fixture.apply([.family(found.slot, family)])
    let request = fixture.refresh(app, family.id.with(generation: .max))
    #expect(fixture.reason(.refresh(request)) == .invalidGrant)
    #expect(fixture.verdict(token.id) == .live)
  }

  @Test func foreignTokenIsRefused() {
    let app = fixture.register()
    #expect(fixture.reason(.refresh(fixture.refresh(app, nil))) == .invalidGrant)
    let unknown = fixture.refresh(app, fixture.newID())
    #expect(fixture.reason(.refresh(unknown)) == .invalidGrant)
  }

  @Test func G8_scopeOnlyNarrowsAndTheFamilyKeepsItAll() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app, scope: "read write")
    let second = try rotated(app, first, scope: "read")
    #expect(second.scope == bytes("read"))
    let record = try #require(fixture.record(second.id))
    #expect(fixture.state.scopeText(record.scopeSet) == bytes("read"))
    let wider = fixture.refresh(app, second.refreshID, scope: "read admin")
    #expect(fixture.reason(.refresh(wider)) == .invalidScope)
    #expect(try rotated(app, second).scope == bytes("read write"))
  }

  @Test func F45_resourceMustMatch() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app, resource: "https://api.example/")
    let wrong = fixture.refresh(app, token.refreshID, resource: "https://other.example/")
    #expect(fixture.reason(.refresh(wrong)) == .invalidTarget)
    let right = fixture.refresh(app, token.refreshID, resource: "https://api.example/")
    #expect(fixture.issued(.refresh(right))?.audience == bytes("https://api.example/"))
  }

  @Test func F31_idleAndAbsoluteLimits() throws {
    fixture.set {
      $0.accessTokenLifetimeSeconds = 60
      $0.refreshIdleSeconds = 100
      $0.refreshAbsoluteSeconds = 250
    }
    let app = fixture.register()
    let idle = try fixture.authorized(app)
    var token = try fixture.authorized(app)
    fixture.wait(seconds: 90)
    token = try rotated(app, token)
    fixture.wait(seconds: 10)
    #expect(reason(app, idle) == .invalidGrant)
    fixture.wait(seconds: 80)
    token = try rotated(app, token)
    #expect(token.refreshExpiresAtMillis == fixture.nowMillis + 70_000)
    fixture.wait(seconds: 69)
    token = try rotated(app, token)
    fixture.wait(seconds: 1)
    #expect(reason(app, token) == .invalidGrant)
  }

  @Test func rotationKeepsTheGrantAlive() throws {
    fixture.set {
      $0.accessTokenLifetimeSeconds = 60
      $0.refreshIdleSeconds = 100
    }
    let app = fixture.register()
    var token = try fixture.authorized(app)
    for _ in 0..<10 {
      fixture.wait(seconds: 90)
      token = try rotated(app, token)
      #expect(fixture.verdict(token.id) == .live)
    }
    #expect(fixture.grant(token.grantID)?.lastIssuedAtMillis == fixture.nowMillis)
  }

  @Test func F38_disabledUsersFamilyIsDead() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    var user = try #require(fixture.user("alice"))
    user.isDisabled = true
    fixture.apply([.user(fixture.userSlot("alice"), user)])
    #expect(reason(app, token) == .invalidGrant)
    user.isDisabled = false
    fixture.apply([
      .user(fixture.userSlot("alice"), user),
      .gateRaised(.user(fixture.userSlot("alice")), position: fixture.state.position + 1),
    ])
    #expect(reason(app, token) == .invalidGrant)
  }

  @Test func gateOfTheAppEndsTheFamily() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    fixture.apply([
      .gateRaised(.app(fixture.appSlot(app)), position: fixture.state.position + 1)
    ])
    #expect(reason(app, token) == .invalidGrant)
  }

  @Test func F1_providerOffRefusesAndOnRestores() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    fixture.switchOff()
    #expect(reason(app, token) == .providerOff)
    fixture.switchOn()
    _ = try rotated(app, token)
  }

  @Test func retiredKeyEndsTheFamilyAndStalePreparationChangesNothing() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    var request = fixture.refresh(app, token.refreshID)
    request.token.keyID = 9
    #expect(fixture.commit(.refresh(request)) == .stalePreparation)
    #expect(fixture.family(token.refreshID ?? .none)?.generation == 0)
    fixture.apply([
      .key(SigningKey(keyID: 1, state: .primary, salt: fixture.newID(), createdAtMillis: 1)),
      .key(SigningKey(keyID: 0, state: .retired, salt: fixture.newID(), createdAtMillis: 1)),
    ])
    #expect(reason(app, token) == .invalidGrant)
  }
}
