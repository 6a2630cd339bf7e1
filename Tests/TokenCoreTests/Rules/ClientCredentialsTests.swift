import Testing

@testable import TokenCore

@Suite struct ClientCredentialsTests {
  let fixture = Fixture()

  private func request(
    _ app: [UInt8], secret: String? = "secret", scope: String = "", resource: String = ""
  ) -> GrantClientCredentials {
    GrantClientCredentials(
      client: Fixture.credential(app, secret: secret), scope: bytes(scope),
      resource: bytes(resource), token: fixture.newToken(), grantID: fixture.newID())
  }

  private let fields = Fixture.fields(
    grantTypes: [.clientCredentials], scopes: "jobs:read jobs:write")

  @Test func clientGetsATokenWithoutSubjectAndRefresh() throws {
    let app = fixture.register(fields)
    let token = try #require(fixture.issued(.clientCredentials(request(app))))
    #expect(token.refreshID == nil)
    #expect(token.scope == bytes("jobs:read jobs:write"))
    #expect(fixture.verdict(token.id) == .live)
    let record = try #require(fixture.record(token.id))
    #expect(record.user == 0 && record.grant != 0)
    #expect(fixture.grant(token.grantID)?.userSlot == 0)
  }

  @Test func scopesStayWithinTheApps() throws {
    let app = fixture.register(fields)
    let narrow = fixture.issued(.clientCredentials(request(app, scope: "jobs:read")))
    #expect(narrow?.scope == bytes("jobs:read"))
    #expect(fixture.reason(.clientCredentials(request(app, scope: "admin"))) == .invalidScope)
    let bare = fixture.register(Fixture.fields(grantTypes: [.clientCredentials]))
    #expect(fixture.reason(.clientCredentials(request(bare, scope: "user"))) == .invalidScope)
    #expect(fixture.issued(.clientCredentials(request(bare)))?.scope == [])
  }

  @Test func onlyAppsWithTheGrantTypeThatCanProveThemselves() {
    let plain = fixture.register()
    #expect(fixture.reason(.clientCredentials(request(plain))) == .unauthorizedClient)
    let open = fixture.register(
      Fixture.fields(isPublic: true, grantTypes: [.clientCredentials]))
    let bare = request(open, secret: nil)
    #expect(fixture.reason(.clientCredentials(bare)) == .unauthorizedClient)
  }

  @Test func wrongSecretAndProviderOff() {
    let app = fixture.register(fields)
    let wrong = request(app, secret: "wrong")
    #expect(fixture.reason(.clientCredentials(wrong)) == .invalidClient)
    fixture.switchOff()
    #expect(fixture.reason(.clientCredentials(request(app))) == .providerOff)
  }

  @Test func F45_resourceBecomesTheAudience() {
    let app = fixture.register(fields)
    let request1 = request(app, resource: "https://api.example/")
    #expect(
      fixture.issued(.clientCredentials(request1))?.audience == bytes("https://api.example/"))
    let request2 = request(app, resource: "api")
    #expect(fixture.reason(.clientCredentials(request2)) == .invalidTarget)
  }

  @Test func F49_clientGrantsAreNobodysGrants() throws {
    fixture.set { $0.grantsPerUser = 1 }
    let app = fixture.register(fields)
    let tokens = try (0..<3).map { _ in
      try #require(fixture.issued(.clientCredentials(request(app))))
    }
    for token in tokens { #expect(fixture.verdict(token.id) == .live) }
  }
}
