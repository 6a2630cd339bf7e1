import Testing

@testable import TokenCore

/// The documentation's clients from end to end, and what a company trusts the service with.
@Suite struct ClientStoryTests {
  let fixture = Fixture()

  /// A confidential client with body credentials: code, then refresh for as long as it likes.
  @Test func F25_confidentialClientExchangesAndKeepsRefreshing() throws {
    let app = fixture.register(
      Fixture.fields(callbacks: ["https://zapier.example/dashboard/auth/oauth/return/App/"]))
    let code = try #require(
      fixture.newCode(
        fixture.authorization(
          app, redirect: "https://zapier.example/dashboard/auth/oauth/return/App/")))
    let exchange = fixture.exchange(
      app, code, redirect: "https://zapier.example/dashboard/auth/oauth/return/App/")
    var token = try #require(fixture.issued(.exchange(exchange)))
    for _ in 0..<10 {
      fixture.wait(seconds: 3_600)
      token = try #require(fixture.issued(.refresh(fixture.refresh(app, token.refreshID))))
      #expect(fixture.verdict(token.id) == .live)
    }
  }

  /// Sign-in: authorize, exchange, and the token says who it is.
  @Test func F26_sampleClientLearnsWhoSignedIn() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app, by: fixture.bob)
    let known = try #require(
      fixture.introspection(.introspect(.accessToken(token.id, keyID: token.keyID))))
    #expect(known.reason == .active)
    #expect(known.user == bytes("bob"))
    #expect(known.clientID == app)
  }

  /// F37 is void: a second exchange makes a second grant, and both live.
  @Test func F37_secondExchangeEvictsNobody() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try fixture.authorized(app)
    #expect(first.id != second.id && first.grantID != second.grantID)
    #expect(fixture.verdict(first.id) == .live)
    #expect(fixture.verdict(second.id) == .live)
  }

  @Test func F44_metadataTellsTheSwitches() {
    fixture.set {
      $0.allowsDynamicRegistration = true
      $0.issuer = bytes("https://id.example")
    }
    guard case .metadata(let settings) = fixture.commit(.metadata) else {
      Issue.record("metadata was refused")
      return
    }
    #expect(settings.isProviderEnabled && settings.allowsDynamicRegistration)
    #expect(settings.issuer == bytes("https://id.example"))
  }

  /// The very next look-up says so: no cache, no window.
  @Test func G5_revocationIsVisibleToTheNextValidation() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    #expect(fixture.verdict(token.id) == .live)
    fixture.commit(.revoke(.accessToken(token.id)))
    #expect(fixture.verdict(token.id) == .revoked)
    let other = try fixture.authorized(app)
    fixture.commit(.deauthorize(fixture.alice, user: bytes("alice"), clientID: app))
    #expect(fixture.verdict(other.id) == .revoked)
  }

  /// What is kept of a secret is its digest: neither effects nor records have room for more.
  @Test func G6_onlyDigestsOfSecretsAreKept() throws {
    let clientID = fixture.newClientID()
    let digest = Fixture.digest("the secret")
    let request = RegisterApplication(
      person: fixture.admin, fields: Fixture.fields(), clientID: clientID, secretDigest: digest)
    fixture.commit(.registerApp(request))
    let app = try #require(fixture.app(clientID))
    #expect(app.secretDigest == digest)
    let stored = app.encoded()
    #expect(!stored.contains(sequence: bytes("the secret")))
    #expect(stored.contains(sequence: (0..<32).map { digest.bytes[$0] }))
  }
}

extension [UInt8] {
  fileprivate func contains(sequence: [UInt8]) -> Bool {
    guard sequence.count <= count else { return false }
    return (0...(count - sequence.count)).contains {
      self[$0..<$0 + sequence.count].elementsEqual(sequence)
    }
  }
}
