import Testing

@testable import TokenCore

@Suite struct GrantsTests {
  let fixture = Fixture()

  private func deauthorize(
    _ app: [UInt8], by person: Person = Fixture.alice, user: String = ""
  ) -> Outcome {
    fixture.commit(.deauthorize(person, user: bytes(user), clientID: app))
  }

  // MARK: Lists

  @Test func aPersonSeesOnlyTheirOwn() throws {
    let app = fixture.register(Fixture.fields(name: "Kalender"))
    let mine = try fixture.authorized(app, scope: "read", resource: "https://api.example/")
    _ = try fixture.authorized(app, by: fixture.bob)
    let list = try #require(fixture.grants(fixture.alice))
    #expect(list.next == 0 && list.grants.count == 1)
    let grant = try #require(list.grants.first)
    #expect(grant.grant.id == mine.grantID && grant.clientID == app)
    #expect(grant.appName == bytes("Kalender") && grant.user == bytes("alice"))
    #expect(grant.scope == bytes("read") && grant.audience == bytes("https://api.example/"))
    #expect(fixture.grants(fixture.alice, user: "alice")?.grants.count == 1)
    let others = Operation.listGrants(
      fixture.alice, user: bytes("bob"), clientID: [], Page(cursor: 0, maxBytes: 0))
    #expect(fixture.reason(others) == .forbidden)
  }

  @Test func anAdministratorSeesAll() throws {
    let app = fixture.register()
    let other = fixture.register()
    _ = try fixture.authorized(app)
    _ = try fixture.authorized(app, by: fixture.bob)
    _ = try fixture.authorized(other, by: fixture.bob)
    for person in [fixture.admin, .localAdministration] {
      #expect(fixture.grants(person)?.grants.count == 3)
      #expect(fixture.grants(person, user: "bob")?.grants.count == 2)
      #expect(fixture.grants(person, clientID: app)?.grants.count == 2)
      #expect(fixture.grants(person, user: "bob", clientID: app)?.grants.count == 1)
      #expect(fixture.grants(person, user: "nobody")?.grants.isEmpty == true)
      #expect(fixture.grants(person, clientID: fixture.newClientID())?.grants.isEmpty == true)
    }
  }

  @Test func deadGrantsAreNotListed() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    _ = try fixture.authorized(app)
    _ = fixture.commit(.revoke(.grant(token.grantID)))
    #expect(fixture.grants(fixture.alice)?.grants.count == 1)
  }

  @Test func pagesAreBoundedAndMeetEveryGrantOnce() throws {
    let app = fixture.register()
    var wanted: Set<TokenID> = []
    for _ in 0..<10 { wanted.insert(try fixture.authorized(app).grantID) }
    for person in [fixture.alice, fixture.admin] {
      for maxBytes in [1, 300, 500, 60_000] {
        var seen: [TokenID] = []
        var cursor: UInt64 = 0
        repeat {
          let page = try #require(
            fixture.grants(person, cursor: cursor, maxBytes: maxBytes))
          #expect(
            page.grants.count == 1 || page.grants.reduce(18) { $0 + $1.byteCount } <= maxBytes)
          seen += page.grants.map(\.grant.id)
          cursor = page.next
        } while cursor != 0
        #expect(seen.count == 10 && Set(seen) == wanted)
      }
    }
  }

  @Test func F36_oauthTokenListsAndRevokesNothing() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    var person = fixture.alice
    person.login = .oauthToken
    let page = Page(cursor: 0, maxBytes: 0)
    let operations: [Operation] = [
      .listGrants(person, user: [], clientID: [], page),
      .getGrant(person, .grant(token.grantID)), .revokeGrant(person, .grant(token.grantID)),
      .authorizedApps(person, user: [], page), .deauthorize(person, user: [], clientID: app),
    ]
    for operation in operations { #expect(fixture.reason(operation) == .personLoginRefused) }
    #expect(fixture.verdict(token.id) == .live)
  }

  // MARK: One grant

  @Test func CVE_2026_40264_accessorsCheckTheOwnerToo() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    for reference: GrantReference in [.grant(token.grantID), .accessToken(token.id)] {
      guard case .grant(let found) = fixture.commit(.getGrant(fixture.alice, reference)) else {
        Issue.record("no grant")
        return
      }
      #expect(found.grant.id == token.grantID)
      #expect(fixture.reason(.getGrant(fixture.bob, reference)) == .notFound)
      #expect(fixture.reason(.revokeGrant(fixture.bob, reference)) == .notFound)
      #expect(fixture.reason(.getGrant(fixture.admin, reference)) == nil)
    }
    let unknown = fixture.refusal(.getGrant(fixture.bob, .grant(fixture.newID())))
    #expect(fixture.refusal(.getGrant(fixture.bob, .grant(token.grantID))) == unknown)
    #expect(fixture.refusal(.getGrant(fixture.bob, .foreign)) == unknown)
    #expect(fixture.verdict(token.id) == .live)
  }

  @Test func revokingAGrantEndsAllOfIt() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    fixture.switchOff()
    #expect(fixture.commit(.revokeGrant(fixture.alice, .accessToken(token.id))) == .done)
    #expect(fixture.lastAudit?.event == .grantRevoked)
    #expect(fixture.verdict(token.id) != .live)
    fixture.switchOn()
    let rotation = fixture.refresh(app, token.refreshID)
    #expect(fixture.reason(.refresh(rotation)) == .invalidGrant)
  }

  @Test func clientsOwnGrantIsNobodysToSee() throws {
    let app = fixture.register()
    let tokens = try #require(fixture.issue([fixture.item(app, user: "")]))
    let reference = GrantReference.grant(tokens[0].grantID)
    #expect(fixture.reason(.getGrant(fixture.alice, reference)) == .notFound)
    #expect(fixture.reason(.getGrant(fixture.admin, reference)) == nil)
    #expect(fixture.grants(fixture.admin)?.grants.count == 1)
  }

  // MARK: Authorized applications

  @Test func F22_oneEntryForEachApplication() throws {
    let app = fixture.register(Fixture.fields(name: "Kalender"))
    let trusted = fixture.register(Fixture.fields(isTrusted: true))
    #expect(fixture.authorizedApps(fixture.alice) == [])
    let started = fixture.nowMillis
    _ = try fixture.authorized(app, scope: "read")
    fixture.wait(seconds: 5)
    _ = try fixture.authorized(app, scope: "write")
    _ = try fixture.authorized(trusted)
    let entries = try #require(fixture.authorizedApps(fixture.alice))
    #expect(entries.map(\.app.clientID) == [app, trusted])
    #expect(entries[0].app.fields.name == bytes("Kalender"))
    #expect(entries[0].scope == bytes("read write") && entries[0].grants == 2)
    #expect(entries[0].firstAuthorizedAtMillis == started)
    #expect(entries[1].grants == 1)
    #expect(fixture.authorizedApps(fixture.bob) == [])
    #expect(fixture.authorizedApps(fixture.admin, user: "alice")?.count == 2)
    let foreign = Operation.authorizedApps(
      fixture.bob, user: bytes("alice"), Page(cursor: 0, maxBytes: 0))
    #expect(fixture.reason(foreign) == .forbidden)
  }

  @Test func F22_consentAloneIsAnAuthorization() throws {
    let app = fixture.register()
    _ = try #require(fixture.newCode(fixture.authorization(app)))
    #expect(fixture.authorizedApps(fixture.alice)?.first?.grants == 0)
  }

  @Test func F22_deletedAppsAreNotListed() throws {
    let app = fixture.register()
    _ = try fixture.authorized(app)
    var deleted = try #require(fixture.app(app))
    deleted.isDeleted = true
    let slot = fixture.appSlot(app)
    fixture.apply([
      .app(slot, deleted), .gateRaised(.app(slot), position: fixture.state.position + 1),
    ])
    #expect(fixture.authorizedApps(fixture.alice) == [])
    #expect(fixture.grants(fixture.alice)?.grants.isEmpty == true)
  }

  // MARK: Deauthorize

  @Test func F23_everythingOfTheAppGoesAtOnce() throws {
    let app = fixture.register()
    let other = fixture.register()
    let token = try fixture.authorized(app)
    let pending = try #require(fixture.newCode(fixture.authorization(app)))
    let kept = try fixture.authorized(other)
    let bobs = try fixture.authorized(app, by: fixture.bob)
    let bobsCode = try #require(fixture.newCode(fixture.authorization(app, by: fixture.bob)))
    #expect(deauthorize(app) == .done)
    #expect(fixture.lastAudit?.event == .deauthorized)
    #expect(fixture.verdict(token.id) != .live)
    let rotation = fixture.refresh(app, token.refreshID)
    #expect(fixture.reason(.refresh(rotation)) == .invalidGrant)
    #expect(fixture.reason(.exchange(fixture.exchange(app, pending))) == .invalidGrant)
    #expect(fixture.question(fixture.authorization(app)) != nil)
    #expect(fixture.authorizedApps(fixture.alice)?.map(\.app.clientID) == [other])
    #expect(fixture.verdict(kept.id) == .live)
    #expect(fixture.verdict(bobs.id) == .live)
    #expect(fixture.issued(.exchange(fixture.exchange(app, bobsCode))) != nil)
  }

  /// Evicted grants are dead whatever the time is, so a suspect clock lets no rows pile up.
  @Test func F49_rowsStayFewWhileTheClockIsSuspect() throws {
    fixture.set { $0.grantsPerUser = 3 }
    let app = fixture.register()
    fixture.mayReclaim = false
    for _ in 0..<60 {
      #expect(fixture.issue([fixture.item(app)]) != nil)
      #expect(fixture.state.grantSlots(ofUser: fixture.userSlot("alice")).count <= 5)
    }
    #expect(fixture.grants(fixture.alice)?.grants.count == 3)
    #expect(fixture.rebuilt() == [])
  }

  @Test func F23_alsoAfterARestart() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let pending = try #require(fixture.newCode(fixture.authorization(app)))
    try fixture.restart()
    #expect(deauthorize(app) == .done)
    #expect(fixture.verdict(token.id) != .live)
    #expect(fixture.reason(.exchange(fixture.exchange(app, pending))) == .invalidGrant)
    #expect(fixture.state.consents.liveCount == 0)
  }

  @Test func F23_isIdempotentAndNeedsNoProvider() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    fixture.switchOff()
    for _ in 0..<2 { #expect(deauthorize(app) == .done) }
    #expect(deauthorize(fixture.newClientID()) == .done)
    #expect(deauthorize(bytes("x")) == .done)
    #expect(fixture.verdict(token.id) != .live)
  }

  @Test func F23_othersOnlyByAdministrators() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let foreign = Operation.deauthorize(fixture.bob, user: bytes("alice"), clientID: app)
    #expect(fixture.reason(foreign) == .forbidden)
    let nobody = Operation.deauthorize(.localAdministration, user: [], clientID: app)
    #expect(fixture.reason(nobody) == .invalidField)
    #expect(fixture.verdict(token.id) == .live)
    #expect(deauthorize(app, by: .localAdministration, user: "alice") == .done)
    #expect(fixture.verdict(token.id) != .live)
  }

  @Test func F23_trustedAppCanBeDeauthorized() throws {
    let app = fixture.register(Fixture.fields(isTrusted: true))
    let token = try fixture.authorized(app)
    #expect(deauthorize(app) == .done)
    #expect(fixture.verdict(token.id) != .live)
  }

  // MARK: Sweeping

  @Test func G7_whatIsDeadIsSwept() throws {
    fixture.set {
      $0.accessTokenLifetimeSeconds = 60
      $0.refreshIdleSeconds = 60
      $0.grantsPerUser = 10
    }
    let app = fixture.register()
    for _ in 0..<200 {
      _ = try fixture.authorized(app)
      fixture.wait(seconds: 30)
    }
    #expect(fixture.state.tokens.liveCount < 30)
    #expect(fixture.state.grants.liveCount < 30)
    #expect(fixture.state.families.liveCount < 30)
    #expect(fixture.state.tickets.liveCount < 60)
    // Redeemed codes are kept for an hour, to recognise a replay.
    #expect(fixture.state.codes.liveCount < 150)
  }
}
