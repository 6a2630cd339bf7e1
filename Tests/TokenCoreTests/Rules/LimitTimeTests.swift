import Testing

@testable import TokenCore

/// The limits of time and rate at their edges, to the millisecond.
@Suite struct LimitTimeTests {
  let fixture = Fixture()

  @Test func lifeOfATicket() throws {
    let app = fixture.register()
    for (millis, passes) in [
      (Limits.consentTicketMillis - 1, true), (Limits.consentTicketMillis, false),
    ] {
      let question = try #require(
        fixture.question(fixture.authorization(app, scope: "s\(millis)")))
      fixture.nowMillis += millis
      #expect((fixture.allow(question.ticket) != nil) == passes, "\(millis)")
    }
  }

  @Test(arguments: [1, 60, 600] as [UInt32])
  func lifeOfACode(seconds: UInt32) throws {
    let app = fixture.register()
    fixture.set { $0.codeLifetimeSeconds = seconds }
    for (millis, passes) in [
      (UInt64(seconds) * 1_000 - 1, true), (UInt64(seconds) * 1_000, false),
    ] {
      let code = try #require(fixture.newCode(fixture.authorization(app)))
      fixture.nowMillis += millis
      #expect((fixture.issued(.exchange(fixture.exchange(app, code))) != nil) == passes)
    }
  }

  /// A redeemed code is remembered for ten minutes after its life, so that showing it again
  /// revokes what it made.
  @Test func memoryOfARedeemedCode() throws {
    let app = fixture.register()
    for (millis, revokes) in [
      (Limits.redeemedCodeMillis + 60_000 - 1, true), (Limits.redeemedCodeMillis + 60_000, false),
    ] {
      let code = try #require(fixture.newCode(fixture.authorization(app)))
      let token = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
      fixture.nowMillis += millis
      for _ in 0..<4 { fixture.commit(.disableUser(bytes("nobody"))) }
      #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
      #expect((fixture.verdict(token.id) != .live) == revokes, "\(millis)")
    }
  }

  @Test func windowOfRetries() {
    let operation = Operation.revokeApp(clientID: fixture.register())
    fixture.commit(operation, retry: fixture.retry(1))
    fixture.nowMillis += Limits.retryWindowMillis - 1
    guard case .replayed = fixture.commit(operation, retry: fixture.retry(1)) else {
      Issue.record("not replayed within the window")
      return
    }
    fixture.nowMillis += 1
    #expect(fixture.commit(operation, retry: fixture.retry(1)) == .done)
  }

  @Test func lifeOfAnAccessToken() throws {
    let app = fixture.register()
    let token = try #require(fixture.issue([fixture.item(app, lifetimeSeconds: 60)])?.first)
    fixture.nowMillis += 59_999
    #expect(fixture.verdict(token.id) == .live)
    fixture.nowMillis += 1
    #expect(fixture.verdict(token.id) == .expired)
  }

  @Test func graceOfARotation() throws {
    let app = fixture.register()
    for grace: UInt32 in [0, 10, 60] {
      fixture.set { $0.refreshGraceSeconds = grace }
      for (millis, passes) in [
        (Int64(grace) * 1_000 - 1, true), (Int64(grace) * 1_000, false),
      ] where millis >= 0 {
        let token = try fixture.authorized(app)
        _ = try #require(fixture.issued(.refresh(fixture.refresh(app, token.refreshID))))
        fixture.nowMillis += UInt64(millis)
        let again = fixture.issued(.refresh(fixture.refresh(app, token.refreshID)))
        #expect((again != nil) == passes, "\(grace) s, \(millis) ms")
      }
    }
  }

  @Test func failuresOfAuthenticationInAMinute() {
    let app = fixture.register()
    func fail() -> Refusal.Reason? {
      fixture.reason(.clientRevoke(Fixture.credential(app, secret: "wrong"), .foreign))
    }
    for _ in 0..<Limits.clientAuthenticationFailuresPerMinute { #expect(fail() == .invalidClient) }
    #expect(fail() == .rateLimited)
    fixture.nowMillis += FailureWindows.windowMillis - 1
    #expect(fail() == .rateLimited)
    #expect(fixture.reason(.clientRevoke(Fixture.credential(app), .foreign)) == nil)
    fixture.nowMillis += 1
    #expect(fail() == .invalidClient)
  }

  @Test func pauseBetweenDynamicRegistrations() {
    fixture.set { $0.allowsDynamicRegistration = true }
    func register() -> Refusal.Reason? {
      fixture.reason(
        .registerAppDynamically(
          RegisterDynamically(
            redirectURIs: [Fixture.callback], authMethod: [], clientName: [], clientURI: [],
            scope: [], clientID: fixture.newClientID(), secretDigest: Fixture.digest("s"))))
    }
    #expect(register() == nil)
    fixture.nowMillis += Limits.dynamicRegistrationIntervalMillis - 1
    #expect(register() == .rateLimited)
    fixture.nowMillis += 1
    #expect(register() == nil)
  }

  @Test func slotsThatOnePageLooksAt() {
    var walk = SlotWalk(Page(cursor: 0, maxBytes: 0), highWater: Limits.listScanSlots)
    while walk.next() != nil {}
    #expect(walk.cursor == 0)
    walk = SlotWalk(Page(cursor: 0, maxBytes: 0), highWater: Limits.listScanSlots + 1)
    while walk.next() != nil {}
    #expect(walk.cursor == UInt64(Limits.listScanSlots))
  }

  @Test func liveGrantsOfOnePerson() throws {
    let app = fixture.register()
    let limit = Int(Limits.grantsPerUser.upperBound)
    fixture.set { $0.grantsPerUser = UInt32(limit) }
    let first = fixture.plantGrant(user: "alice", app)
    for _ in 1..<limit { fixture.plantGrant(user: "alice", app) }
    #expect(fixture.isAlive(first))
    let next = try #require(fixture.issue([fixture.item(app)])?.first)
    #expect(fixture.isDead(first))
    #expect(fixture.verdict(next.id) == .live)
  }
}
