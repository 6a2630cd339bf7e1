import Testing

@testable import TokenCore

@Suite struct IssueTests {
  let fixture = Fixture()

  private func reason(_ items: [IssueTokens.Item]) -> Refusal.Reason? {
    fixture.reason(.issue(IssueTokens(items: items, keyID: 0)))
  }

  @Test func oneGrantForEachItem() throws {
    let app = fixture.register()
    let other = fixture.register()
    let items = [
      fixture.item(app, scope: "b a b", count: 3), fixture.item(other, user: "bob"),
      fixture.item(app, user: "bob", audience: "https://api.example/"),
    ]
    let tokens = try #require(fixture.issue(items))
    #expect(tokens.map(\.id) == items.flatMap { $0.tokens.map(\.id) })
    #expect(
      tokens.map(\.grantID) == items.flatMap { item in item.tokens.map { _ in item.grantID } })
    #expect(tokens[0].scope == bytes("a b"))
    #expect(tokens[3].scope == bytes("user"))
    #expect(tokens[4].audience == bytes("https://api.example/"))
    for token in tokens { #expect(fixture.verdict(token.id) == .live) }
    let record = try #require(fixture.record(tokens[4].id))
    #expect(fixture.state.userID(record.user) == bytes("bob"))
    #expect(record.app == fixture.appSlot(app))
  }

  @Test func clientsOwnTokenHasTheAppsScopes() throws {
    let app = fixture.register(Fixture.fields(scopes: "read write"))
    let tokens = try #require(fixture.issue([fixture.item(app, user: "")]))
    #expect(tokens[0].scope == bytes("read write"))
    #expect(fixture.grant(tokens[0].grantID)?.userSlot == 0)
    #expect(reason([fixture.item(app, user: "", scope: "admin")]) == .invalidScope)
  }

  @Test func withRefreshRotatesLikeAnyOther() throws {
    let app = fixture.register()
    let tokens = try #require(fixture.issue([fixture.item(app, withRefresh: true)]))
    let next = try #require(
      fixture.issued(.refresh(fixture.refresh(app, tokens[0].refreshID))))
    #expect(next.refreshID?.generation == 1)
    #expect(fixture.verdict(tokens[0].id) == .revoked)
  }

  @Test func withRefreshNeedsOneTokenOneUserAndTheGrantType() {
    let app = fixture.register()
    #expect(reason([fixture.item(app, withRefresh: true, count: 2)]) == .invalidField)
    #expect(reason([fixture.item(app, user: "", withRefresh: true)]) == .invalidField)
    let plain = fixture.register(Fixture.fields(grantTypes: [.authorizationCode]))
    #expect(reason([fixture.item(plain, withRefresh: true)]) == .unauthorizedClient)
  }

  @Test func lifetimesWithinTheLimits() throws {
    let app = fixture.register()
    for lifetime: UInt32 in [59, 315_360_001] {
      #expect(reason([fixture.item(app, lifetimeSeconds: lifetime)]) == .invalidField)
    }
    let tokens = try #require(fixture.issue([fixture.item(app, lifetimeSeconds: 60)]))
    #expect(tokens[0].expiresInSeconds == 60)
    #expect(tokens[0].expiresAtMillis == UInt64(fixture.nowSeconds + 60) * 1_000)
    #expect(fixture.issue([fixture.item(app, lifetimeSeconds: 315_360_000)]) != nil)
  }

  @Test func whatIsWrongIsNamed() {
    let app = fixture.register()
    #expect(reason([fixture.item(fixture.newClientID())]) == .notFound)
    #expect(reason([fixture.item(app, user: "a b")]) == .invalidField)
    #expect(reason([fixture.item(app, user: "ä")]) == .invalidField)
    #expect(reason([fixture.item(app, scope: "a  b")]) == .invalidScope)
    #expect(reason([fixture.item(app, audience: "https://a/#b")]) == .invalidTarget)
    #expect(reason([]) == .limitReached)
    #expect(reason([fixture.item(app, count: 129)]) == .limitReached)
    #expect(fixture.issue([fixture.item(app, count: 128)])?.count == 128)
  }

  @Test func allItemsOrNone() {
    let app = fixture.register()
    #expect(reason([fixture.item(app), fixture.item(app, scope: " ")]) == .invalidScope)
    #expect(fixture.state.grants.liveCount == 0)
    #expect(fixture.state.tokens.liveCount == 0)
  }

  @Test func F1_providerOffRefusesIssue() {
    let app = fixture.register()
    fixture.switchOff()
    #expect(reason([fixture.item(app)]) == .providerOff)
  }

  @Test func F38_disabledUserGetsNothing() {
    let app = fixture.register()
    fixture.apply([.user(900, User(id: bytes("alice"), isDisabled: true, createdAtMillis: 1))])
    #expect(reason([fixture.item(app, user: "bob"), fixture.item(app)]) == .userDisabled)
  }

  @Test func F49_oneCallMakesRoomForAllItsGrants() throws {
    fixture.set { $0.grantsPerUser = 3 }
    let app = fixture.register()
    let old = try #require(fixture.issue((0..<3).map { _ in fixture.item(app) }))
    let new = try #require(fixture.issue((0..<2).map { _ in fixture.item(app) }))
    let live = (old + new).filter { fixture.verdict($0.id) == .live }
    #expect(live.count == 3)
    for token in new { #expect(fixture.verdict(token.id) == .live) }
    #expect(reason((0..<4).map { _ in fixture.item(app) }) == .limitReached)
  }

  @Test func staleKeyMeansPreparingAgain() {
    let app = fixture.register()
    var item = fixture.item(app, count: 2)
    item.tokens[1].keyID = 9
    #expect(fixture.commit(.issue(IssueTokens(items: [item], keyID: 0))) == .stalePreparation)
    #expect(
      fixture.commit(.issue(IssueTokens(items: [fixture.item(app)], keyID: 9)))
        == .stalePreparation)
    #expect(fixture.state.tokens.liveCount == 0)
  }
}
