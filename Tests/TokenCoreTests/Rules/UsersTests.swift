import Testing

@testable import TokenCore

@Suite("Users and mass revocation")
struct UsersTests {
  private func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  @Test func F38_disablingEndsEverythingOfOneUser() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let bobs = fixture.plantGrant(user: "bob", clientID)
    let alices = fixture.plantGrant(user: "alice", clientID)
    let code = fixture.plantCode(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    fixture.mayReclaim = false
    #expect(fixture.commit(.disableUser(text("bob"))) == .done)
    #expect(fixture.isDead(bobs))
    #expect(!fixture.isOpen(code: code))
    #expect(fixture.isAlive(alices))
    #expect(fixture.user("bob")?.isDisabled == true)
    #expect(fixture.hasConsent(user: "bob", clientID))
    #expect(fixture.rebuilt() == [])
  }

  @Test func F38_enablingRevivesNothing() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let before = fixture.plantGrant(user: "bob", clientID)
    fixture.mayReclaim = false
    fixture.commit(.disableUser(text("bob")))
    #expect(fixture.commit(.enableUser(text("bob"))) == .done)
    #expect(fixture.user("bob")?.isDisabled == false)
    #expect(fixture.isDead(before))
    let after = fixture.plantGrant(user: "bob", clientID)
    #expect(fixture.isAlive(after))
    #expect(fixture.rebuilt() == [])
  }

  @Test func F38_aBanMayComeBeforeTheUser() {
    let fixture = Fixture()
    #expect(fixture.commit(.disableUser(text("nobody"))) == .done)
    #expect(fixture.user("nobody")?.isDisabled == true)
    for _ in 0..<50 { fixture.commit(.enableUser(text("other"))) }
    #expect(fixture.user("nobody")?.isDisabled == true, "a ban is not reclaimed")
    fixture.commit(.enableUser(text("nobody")))
    for _ in 0..<50 { fixture.commit(.enableUser(text("other"))) }
    #expect(fixture.user("nobody") == nil, "a user nothing refers to is")
    #expect(fixture.rebuilt() == [])
  }

  @Test(arguments: ["", "a b", "a\u{7F}", "é", "a\n", String(repeating: "a", count: 129)])
  func aMalformedUserIDIsRefusedEverywhere(user: String) {
    let fixture = Fixture()
    for operation in [
      Operation.disableUser(text(user)), .enableUser(text(user)),
      .revokeUser(text(user), .allSessions),
    ] {
      let refusal = fixture.refusal(operation)
      #expect(refusal?.reason == .invalidField)
      #expect(refusal?.field == "user")
    }
    #expect(fixture.rebuilt() == [])
  }

  @Test func F39_allSessionsOfAUserAreRevokedAndConsentStays() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let bobs = fixture.plantGrant(user: "bob", clientID)
    let code = fixture.plantCode(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    fixture.mayReclaim = false
    #expect(fixture.commit(.revokeUser(text("bob"), .allSessions)) == .applied(true))
    #expect(fixture.isDead(bobs))
    #expect(!fixture.isOpen(code: code))
    #expect(fixture.hasConsent(user: "bob", clientID))
    #expect(fixture.isAlive(fixture.plantGrant(user: "bob", clientID)))
    #expect(fixture.commit(.revokeUser(text("nobody"), .allSessions)) == .applied(true))
  }

  @Test func F39_aChangedPasswordObeysTheSetting() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let bobs = fixture.plantGrant(user: "bob", clientID)
    fixture.mayReclaim = false
    fixture.set { $0.revokesOnPasswordChange = false }
    #expect(fixture.commit(.revokeUser(text("bob"), .passwordChanged)) == .applied(false))
    #expect(fixture.isAlive(bobs))
    fixture.set { $0.revokesOnPasswordChange = true }
    #expect(fixture.commit(.revokeUser(text("bob"), .passwordChanged)) == .applied(true))
    #expect(fixture.isDead(bobs))
  }

  @Test func F39_aDeletedUserLeavesNoConsentAndOwnsNothing() {
    let fixture = Fixture()
    let own = fixture.register(by: fixture.bob)
    let other = fixture.register(by: fixture.alice)
    let users = fixture.plantGrant(user: "alice", own)
    let bobs = fixture.plantGrant(user: "bob", other)
    fixture.plantConsent(user: "bob", other)
    fixture.plantConsent(user: "alice", other)
    fixture.mayReclaim = false
    #expect(fixture.commit(.revokeUser(text("bob"), .userDeleted)) == .applied(true))
    #expect(fixture.isDead(bobs))
    #expect(!fixture.hasConsent(user: "bob", other))
    #expect(fixture.hasConsent(user: "alice", other))
    #expect(fixture.app(own)?.creatorSlot == 0)
    #expect(fixture.app(other)?.creatorSlot == fixture.userSlot("alice"))
    #expect(fixture.isAlive(users), "the application goes on for its users")
    #expect(fixture.reason(.getApp(fixture.bob, clientID: own)) == .forbidden)
    #expect(fixture.reason(.getApp(fixture.admin, clientID: own)) == nil)
    #expect(fixture.rebuilt() == [])
  }

  @Test func F39_oneApplicationIsRevokedAndStaysRegistered() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let other = fixture.register()
    let planted = fixture.plantGrant(user: "bob", clientID)
    let spared = fixture.plantGrant(user: "bob", other)
    fixture.plantConsent(user: "bob", clientID)
    fixture.mayReclaim = false
    #expect(fixture.commit(.revokeApp(clientID: clientID)) == .done)
    #expect(fixture.isDead(planted))
    #expect(fixture.isAlive(spared))
    #expect(fixture.hasConsent(user: "bob", clientID))
    #expect(fixture.isAlive(fixture.plantGrant(user: "bob", clientID)))
    #expect(fixture.reason(.revokeApp(clientID: text("unknown"))) == .notFound)
  }

  @Test func F1_denialsWorkWithTheProviderOff() {
    let fixture = Fixture()
    let clientID = fixture.register()
    fixture.set { $0.isProviderEnabled = false }
    for operation in [
      Operation.disableUser(text("bob")), .enableUser(text("bob")),
      .revokeUser(text("bob"), .userDeleted), .revokeApp(clientID: clientID), .revokeBefore(0),
      .rotateKey(salt: fixture.newID()), .retireKey(keyID: 0, force: true), .listKeys,
      .audit(Page(cursor: 0, maxBytes: 1_000)), .getSettings(.localAdministration),
    ] {
      #expect(fixture.reason(operation) == nil)
    }
  }

  @Test func A14_revokeBeforeNowEndsWhatThereIsAndNothingLater() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let before = fixture.plantGrant(user: "bob", clientID)
    let code = fixture.plantCode(user: "bob", clientID)
    fixture.mayReclaim = false
    let outcome = fixture.commit(.revokeBefore(0))
    #expect(outcome == .gate(fixture.state.position))
    #expect(fixture.isDead(before))
    #expect(!fixture.isOpen(code: code))
    #expect(fixture.isAlive(fixture.plantGrant(user: "bob", clientID)))
    #expect(fixture.rebuilt() == [])
  }

  @Test func revokeBeforeRefusesTheFuture() {
    let fixture = Fixture()
    let planted = fixture.plantGrant(user: "bob", fixture.register())
    for millis in [fixture.nowMillis + 1, .max] {
      let refusal = fixture.refusal(.revokeBefore(millis))
      #expect(refusal?.reason == .futureTime)
      #expect(refusal?.field == "before")
    }
    #expect(fixture.isAlive(planted))
  }

  /// Grants with a commit of the rules for each, so that moments are sampled as in service.
  private func timeline(
    _ fixture: Fixture, _ clientID: [UInt8], count: Int, stepMillis: UInt64
  ) -> [(atMillis: UInt64, grant: PlantedGrant)] {
    (0..<count).map { _ in
      fixture.nowMillis += stepMillis
      fixture.commit(.disableUser(text("clock")))
      return (
        fixture.nowMillis, fixture.plantGrant(user: "bob", clientID, lifetimeSeconds: 315_360_000)
      )
    }
  }

  @Test(arguments: [1_000, 7_000, 250, 3_600_000] as [UInt64])
  func revokeBeforeIsExactOrRoundsTowardsRevokingMore(stepMillis: UInt64) {
    let fixture = Fixture()
    fixture.mayReclaim = false
    let clientID = fixture.register()
    let issued = timeline(fixture, clientID, count: 60, stepMillis: stepMillis)
    let before = issued[30].atMillis
    guard case .gate = fixture.commit(.revokeBefore(before)) else {
      Issue.record("refused")
      return
    }
    for (atMillis, grant) in issued where atMillis < before { #expect(fixture.isDead(grant)) }
    // A second at most, or the age's 256th part, is rounded up.
    let slack = max(1_000, (fixture.nowMillis - before) / 128)
    for (atMillis, grant) in issued where atMillis >= before + slack {
      #expect(fixture.isAlive(grant), "\(atMillis - before) ms later")
    }
    #expect(fixture.rebuilt() == [])
  }

  @Test func revokeBeforeATimeBeforeEverythingRevokesNothing() {
    let fixture = Fixture()
    let clientID = fixture.register()
    fixture.commit(.disableUser(text("clock")))
    let planted = fixture.plantGrant(user: "bob", clientID)
    #expect(fixture.reason(.revokeBefore(1)) == nil)
    #expect(fixture.isAlive(planted))
  }

  @Test func theServiceGateNeverSinks() {
    let fixture = Fixture()
    fixture.mayReclaim = false
    let clientID = fixture.register()
    let issued = timeline(fixture, clientID, count: 5, stepMillis: 1_000)
    guard case .gate(let high) = fixture.commit(.revokeBefore(0)) else { return }
    #expect(fixture.commit(.revokeBefore(issued[0].atMillis)) == .gate(high))
    #expect(issued.allSatisfy { fixture.isDead($0.grant) })
  }

  // MARK: Other people's defects

  @Test func CVE_2025_3230_deactivationDeniesAtOnce() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let planted = fixture.plantGrant(user: "bob", clientID)
    #expect(fixture.verdict(planted.tokenID) == .live)
    fixture.mayReclaim = false
    let call = Call(nowMillis: fixture.nowMillis, peerUID: 0)
    _ = fixture.state.commit(.disableUser(text("bob")), call)
    // No journal has released the commit yet: a denial does not wait for the disk.
    let released = fixture.state.gates.released
    #expect(released < fixture.state.position)
    let answer = fixture.state.space.lookup(planted.tokenID, nowSeconds: fixture.nowSeconds)
    #expect(answer.verdict == .revoked)
  }

  @Test func GHSA_wv3h_aDisabledUserStaysOutOfEveryPersonOperation() {
    let fixture = Fixture()
    let clientID = fixture.register(by: fixture.bob)
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    fixture.commit(.disableUser(text("bob")))
    let page = Page(cursor: 0, maxBytes: 1_000)
    for operation in [
      fixture.registration(by: fixture.bob), fixture.update(clientID, by: fixture.bob),
      .getApp(fixture.bob, clientID: clientID), .appInfo(fixture.bob, clientID: clientID),
      .listApps(fixture.bob, all: false, page), .deleteApp(fixture.bob, clientID: clientID),
      .regenerateSecret(fixture.bob, clientID: clientID, Fixture.digest("x")),
    ] {
      #expect(fixture.reason(operation) == .userDisabled)
    }
  }

  @Test func CVE_2026_9802_revocationsSurviveARestart() {
    let fixture = Fixture()
    let clientID = fixture.register()
    let planted = fixture.plantGrant(user: "bob", clientID)
    fixture.mayReclaim = false
    fixture.commit(.disableUser(text("bob")))
    fixture.commit(.enableUser(text("bob")))
    #expect(fixture.rebuilt() == [])
    guard let arena = fixture.memory.reopened(fixture.memory.arena.layout.limits) else {
      Issue.record("refused")
      return
    }
    let restarted = ServiceState(arena: arena, hash: TextHash(key0: 8, key1: 9))
    restarted.gates.raiseReleased(to: .max)
    let answer = restarted.space.lookup(planted.tokenID, nowSeconds: fixture.nowSeconds)
    #expect(answer.verdict == .revoked)
    let grant = restarted.findGrant(planted.grantID)
    let isAlive =
      grant.map {
        restarted.isAlive($0.grant, slot: $0.slot, nowMillis: fixture.nowMillis)
      } ?? false
    #expect(!isAlive)
  }
}
