import Testing

@testable import TokenCore

@Suite struct IntrospectTests {
  let fixture = Fixture()

  private func reason(_ subject: IntrospectionSubject) -> Introspection.Reason? {
    fixture.introspection(.introspect(subject))?.reason
  }

  private func shown(_ app: [UInt8], _ subject: IntrospectionSubject) -> Introspection? {
    fixture.introspection(.clientIntrospect(Fixture.credential(app), subject))
  }

  private let inactive = Introspection(reason: .undisclosed)

  @Test func F21_activeTokenTellsWhoseItIs() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app, scope: "read", resource: "https://api.example/")
    let found = try #require(
      fixture.introspection(.introspect(.accessToken(token.id, keyID: 0))))
    #expect(found.reason == .active && !found.isRefreshToken)
    #expect(found.user == bytes("alice") && found.clientID == app)
    #expect(found.scope == bytes("read") && found.audience == bytes("https://api.example/"))
    #expect(found.expiresAtMillis == token.expiresAtMillis)
    #expect(found.issuedAtMillis == fixture.nowMillis)
    #expect(found.accessID == token.id && found.grantID == token.grantID)
  }

  @Test func issueTimeIsThatOfTheRotation() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    fixture.wait(seconds: 50)
    let second = try #require(
      fixture.issued(.refresh(fixture.refresh(app, first.refreshID))))
    let found = fixture.introspection(.introspect(.accessToken(second.id, keyID: 0)))
    #expect(found?.issuedAtMillis == fixture.nowMillis)
  }

  @Test func reasonsAreToldToLocalCallers() throws {
    fixture.mayReclaim = false
    fixture.set { $0.accessTokenLifetimeSeconds = 60 }
    let app = fixture.register()
    let revoked = try fixture.authorized(app)
    let expired = try fixture.authorized(app)
    _ = fixture.commit(.revoke(.accessToken(revoked.id)))
    #expect(reason(.accessToken(revoked.id, keyID: 0)) == .revoked)
    #expect(reason(.accessToken(expired.id, keyID: 0)) == .active)
    fixture.wait(seconds: 60)
    #expect(reason(.accessToken(expired.id, keyID: 0)) == .expired)
    #expect(reason(.accessToken(fixture.newID(), keyID: 0)) == .unknown)
    #expect(reason(.malformed) == .malformed)
    #expect(reason(.forged) == .forged)
  }

  @Test func refreshTokensByGeneration() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let id = try #require(first.refreshID)
    #expect(reason(.refreshToken(id, keyID: 0)) == .active)
    let second = try #require(fixture.issued(.refresh(fixture.refresh(app, id))))
    #expect(reason(.refreshToken(id, keyID: 0)) == .revoked)
    let current = try #require(second.refreshID)
    let found = fixture.introspection(.introspect(.refreshToken(current, keyID: 0)))
    #expect(found?.reason == .active && found?.isRefreshToken == true)
    #expect(found?.accessID == nil)
    #expect(reason(.refreshToken(id.with(generation: 7), keyID: 0)) == .unknown)
  }

  @Test func F1_providerOffAnswersOnlyTheLiving() throws {
    let app = fixture.register()
    let live = try fixture.authorized(app)
    let dead = try fixture.authorized(app)
    _ = fixture.commit(.revoke(.accessToken(dead.id)))
    fixture.switchOff()
    let found = fixture.introspection(.introspect(.accessToken(live.id, keyID: 0)))
    #expect(found == Introspection(reason: .providerOff))
    #expect(reason(.accessToken(dead.id, keyID: 0)) != .providerOff)
    let client = Operation.clientIntrospect(
      Fixture.credential(app), .accessToken(live.id, keyID: 0))
    #expect(fixture.reason(client) == .providerOff)
  }

  @Test func G9_clientSeesItsOwnTokensOnly() throws {
    let app = fixture.register()
    let other = fixture.register()
    let token = try fixture.authorized(app)
    let refreshID = try #require(token.refreshID)
    #expect(shown(app, .accessToken(token.id, keyID: 0))?.reason == .active)
    #expect(shown(app, .refreshToken(refreshID, keyID: 0))?.reason == .active)
    #expect(shown(other, .accessToken(token.id, keyID: 0)) == inactive)
    #expect(shown(other, .refreshToken(refreshID, keyID: 0)) == inactive)
  }

  @Test func G9_resourceServerSeesItsAudiences() throws {
    let app = fixture.register()
    let server = fixture.register(
      Fixture.fields(audiences: ["https://api.example/", "https://files.example/"]))
    let with = try fixture.authorized(app, resource: "https://files.example/")
    let elsewhere = try fixture.authorized(app, resource: "https://other.example/")
    let without = try fixture.authorized(app)
    #expect(shown(server, .accessToken(with.id, keyID: 0))?.user == bytes("alice"))
    #expect(shown(server, .accessToken(elsewhere.id, keyID: 0)) == inactive)
    #expect(shown(server, .accessToken(without.id, keyID: 0)) == inactive)
    let refreshID = try #require(with.refreshID)
    #expect(shown(server, .refreshToken(refreshID, keyID: 0)) == inactive)
  }

  @Test func G9_inactiveTellsNothing() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    _ = fixture.commit(.revoke(.accessToken(token.id)))
    for subject: IntrospectionSubject in [
      .malformed, .forged, .accessToken(token.id, keyID: 0),
      .accessToken(fixture.newID(), keyID: 0), .accessToken(token.id, keyID: 3),
    ] { #expect(shown(app, subject) == inactive) }
  }

  @Test func G9_clientMustAuthenticate() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let subject = IntrospectionSubject.accessToken(token.id, keyID: 0)
    let wrong = Operation.clientIntrospect(Fixture.credential(app, secret: "wrong"), subject)
    #expect(fixture.reason(wrong) == .invalidClient)
    let open = fixture.register(Fixture.fields(isPublic: true))
    let bare = Operation.clientIntrospect(Fixture.credential(open, secret: nil), subject)
    #expect(fixture.reason(bare) == .unauthorizedClient)
  }
}
