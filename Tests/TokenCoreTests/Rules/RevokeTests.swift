import Testing

@testable import TokenCore

@Suite struct RevokeTests {
  let fixture = Fixture()

  private func clientRevoke(_ app: [UInt8], _ subject: RevocationSubject) -> Outcome {
    fixture.commit(.clientRevoke(Fixture.credential(app), subject))
  }

  @Test func G9_accessTokenEndsItself() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    #expect(clientRevoke(app, .accessToken(token.id)) == .done)
    #expect(fixture.verdict(token.id) == .revoked)
    #expect(fixture.lastAudit?.event == .tokenRevoked)
    #expect(fixture.issued(.refresh(fixture.refresh(app, token.refreshID))) != nil)
  }

  @Test func G9_refreshTokenEndsTheWholeGrant() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let other = try fixture.authorized(app)
    #expect(clientRevoke(app, .refreshToken(token.refreshID ?? .none)) == .done)
    #expect(fixture.verdict(token.id) == .revoked)
    let rotation = fixture.refresh(app, token.refreshID)
    #expect(fixture.reason(.refresh(rotation)) == .invalidGrant)
    #expect(fixture.verdict(other.id) == .live)
  }

  @Test func G9_whatIsNotTheClientsOwnIsAnsweredTheSame() throws {
    fixture.mayReclaim = false
    let app = fixture.register()
    let thief = fixture.register()
    let token = try fixture.authorized(app)
    let position = fixture.state.position
    let subjects: [RevocationSubject] = [
      .accessToken(token.id), .refreshToken(token.refreshID ?? .none), .grant(token.grantID),
      .accessToken(fixture.newID()), .foreign,
    ]
    for subject in subjects { #expect(clientRevoke(thief, subject) == .done) }
    #expect(clientRevoke(app, .grant(token.grantID)) == .done)
    #expect(fixture.verdict(token.id) == .live)
    #expect(fixture.state.position == position)
  }

  @Test func G9_revokingTwiceIsFine() throws {
    fixture.mayReclaim = false
    let app = fixture.register()
    let token = try fixture.authorized(app)
    for _ in 0..<2 { #expect(clientRevoke(app, .accessToken(token.id)) == .done) }
    #expect(fixture.commit(.revoke(.accessToken(token.id))) == .revoked(false))
    for _ in 0..<2 {
      #expect(clientRevoke(app, .refreshToken(token.refreshID ?? .none)) == .done)
    }
  }

  @Test func G9_clientMustAuthenticate() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let wrong = Operation.clientRevoke(
      Fixture.credential(app, secret: "wrong"), .accessToken(token.id))
    #expect(fixture.reason(wrong) == .invalidClient)
    #expect(fixture.verdict(token.id) == .live)
  }

  @Test func olderGenerationStillEndsTheGrant() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try #require(
      fixture.issued(.refresh(fixture.refresh(app, first.refreshID))))
    let future = (second.refreshID ?? .none).with(generation: 9)
    #expect(clientRevoke(app, .refreshToken(future)) == .done)
    #expect(fixture.verdict(second.id) == .live)
    #expect(clientRevoke(app, .refreshToken(first.refreshID ?? .none)) == .done)
    #expect(fixture.verdict(second.id) == .revoked)
  }

  @Test func F1_revokingWorksWithTheProviderOff() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    let other = try fixture.authorized(app)
    fixture.switchOff()
    #expect(clientRevoke(app, .accessToken(token.id)) == .done)
    #expect(fixture.verdict(token.id) != .live)
    #expect(fixture.commit(.revoke(.grant(other.grantID))) == .revoked(true))
    #expect(fixture.verdict(other.id) != .live)
  }

  @Test func administratorRevokesByAnyName() throws {
    let app = fixture.register()
    let tokens = try (0..<3).map { _ in try fixture.authorized(app) }
    #expect(fixture.commit(.revoke(.accessToken(tokens[0].id))) == .revoked(true))
    #expect(
      fixture.commit(.revoke(.refreshToken(tokens[1].refreshID ?? .none))) == .revoked(true))
    #expect(fixture.commit(.revoke(.grant(tokens[2].grantID))) == .revoked(true))
    for token in tokens { #expect(fixture.verdict(token.id) != .live) }
    #expect(fixture.commit(.revoke(.foreign)) == .revoked(false))
    #expect(fixture.commit(.revoke(.grant(fixture.newID()))) == .revoked(false))
  }
}
