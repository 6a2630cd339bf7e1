import Testing

@testable import TokenCore

@Suite("Dynamic registration")
struct ApplicationsDynamicTests {
  private func open() -> Fixture {
    let fixture = Fixture()
    fixture.set { $0.allowsDynamicRegistration = true }
    return fixture
  }

  private func request(
    _ fixture: Fixture, redirects: [String] = ["https://mcp.example/cb"], method: String = "",
    name: String = "", page: String = "", scope: String = ""
  ) -> Operation {
    .registerAppDynamically(
      RegisterDynamically(
        redirectURIs: redirects.map { Array($0.utf8) }, authMethod: Array(method.utf8),
        clientName: Array(name.utf8), clientURI: Array(page.utf8), scope: Array(scope.utf8),
        clientID: fixture.newClientID(), secretDigest: Fixture.digest("secret")))
  }

  private func registered(_ fixture: Fixture, _ operation: Operation) -> ClientApplication? {
    guard case .registeredDynamically(let app) = fixture.commit(operation) else { return nil }
    return fixture.app(app.clientID) == app ? app : nil
  }

  @Test func F42_itHasASwitchOfItsOwnThatIsOff() {
    let fixture = Fixture()
    #expect(fixture.reason(request(fixture)) == .registrationOff)
    fixture.set { $0.allowsDynamicRegistration = true }
    #expect(fixture.reason(request(fixture)) == nil)
    fixture.set { $0.isProviderEnabled = false }
    #expect(fixture.reason(request(fixture)) == .providerOff)
  }

  @Test func F42_defaultsAreThoseOfRFC7591() {
    let fixture = open()
    let app = registered(fixture, request(fixture))
    #expect(app?.fields.name == Array("Dynamically Registered Client".utf8))
    #expect(app?.fields.isPublic == false)
    #expect(app?.secretDigest == Fixture.digest("secret"))
    #expect(app?.fields.grantTypes == .standard)
    #expect(app?.fields.isTrusted == false)
    #expect(app?.isDynamicallyRegistered == true)
    #expect(app?.creatorSlot == 0)
    #expect(fixture.rebuilt() == [])
  }

  @Test(arguments: ["client_secret_post", "client_secret_basic", "none", "private_key_jwt", "NONE"])
  func F41_F42_authMethods(method: String) {
    let fixture = open()
    let operation = request(fixture, method: method)
    switch method {
    case "none":
      let app = registered(fixture, operation)
      #expect(app?.fields.isPublic == true)
      #expect(app?.secretDigest == SecretDigest.none)
    case "client_secret_post", "client_secret_basic":
      #expect(registered(fixture, operation)?.fields.isPublic == false)
    default: #expect(fixture.reason(operation) == .invalidClientMetadata)
    }
  }

  @Test func F42_twoASecondNeverTwoAtOnce() {
    let fixture = open()
    #expect(fixture.reason(request(fixture)) == nil)
    let refusal = fixture.refusal(request(fixture))
    #expect(refusal?.reason == .rateLimited)
    #expect(refusal?.retryAfterMillis == 500)
    fixture.nowMillis += 499
    #expect(fixture.refusal(request(fixture))?.retryAfterMillis == 1)
    fixture.nowMillis += 1
    #expect(fixture.reason(request(fixture)) == nil)
  }

  @Test func F42_refusedAttemptsCountAndARateLimitedOneLeavesNoTrace() {
    let fixture = open()
    #expect(fixture.reason(request(fixture, redirects: [])) == .invalidRedirectURI)
    let position = fixture.state.position
    let audits = fixture.trail.count
    for _ in 0..<100 { #expect(fixture.reason(request(fixture)) == .rateLimited) }
    #expect(fixture.state.position == position)
    #expect(fixture.trail.count == audits)
  }

  @Test(arguments: [
    ([], "redirectUris"), (["ftp:/a"], "redirectUris[0]"), (["javascript://a"], "redirectUris[0]"),
    (["https://a/cb", "https://a/#x"], "redirectUris[1]"),
    (["https://a/cb", "https://a/cb"], "redirectUris[1]"), (["HTTPS://a/cb"], "redirectUris[0]"),
  ])
  func F42_F43_wrongRedirectURIs(redirects: [String], field: String) {
    let fixture = open()
    let refusal = fixture.refusal(request(fixture, redirects: redirects))
    #expect(refusal?.reason == .invalidRedirectURI)
    #expect(refusal?.field == field)
  }

  @Test func F42_wrongMetadataIsNamed() {
    let fixture = open()
    let long = String(repeating: "a", count: 65)
    for (operation, field) in [
      (request(fixture, name: long), "clientName"),
      (request(fixture, page: "ftp://a"), "clientUri"),
      (request(fixture, scope: "a  b"), "scope"), (request(fixture, method: "x"), "authMethod"),
    ] {
      fixture.wait(seconds: 1)
      let refusal = fixture.refusal(operation)
      #expect(refusal?.reason == .invalidClientMetadata)
      #expect(refusal?.field == field)
    }
  }

  @Test func F43_customSchemesAndTheAllowlist() {
    let fixture = open()
    #expect(fixture.reason(request(fixture, redirects: ["cursor://anysphere/cb"])) == nil)
    fixture.commit(
      fixture.setting("dynamic-registration-allowlist", "https://*.example/cb cursor://*/**"))
    for (redirects, isAllowed) in [
      (["https://a.example/cb"], true), (["cursor://x/y/z"], true), (["https://a.test/cb"], false),
      (["https://a.example/cb", "https://a.test/cb"], false), (["https://a.example/cb?x"], false),
    ] {
      fixture.wait(seconds: 1)
      let reason = fixture.reason(request(fixture, redirects: redirects))
      #expect(reason == (isAllowed ? nil : .invalidRedirectURI))
    }
  }

  @Test func requireHTTPSURLsHoldsForStrangersToo() {
    let fixture = open()
    fixture.set { $0.requiresHTTPSURLs = true }
    for (redirect, reason) in [
      ("http://a.example/cb", Refusal.Reason.invalidRedirectURI), ("https://a.example/cb", nil),
      ("http://127.0.0.1:8080/cb", nil), ("cursor://a/cb", nil),
    ] {
      fixture.wait(seconds: 1)
      #expect(fixture.reason(request(fixture, redirects: [redirect])) == reason)
    }
    fixture.wait(seconds: 1)
    #expect(fixture.reason(request(fixture, page: "http://a.example")) == .invalidClientMetadata)
  }

  @Test func F42_aRetryIsAnsweredWithTheSameClient() {
    let fixture = open()
    let operation = request(fixture, name: "Once", scope: "write read")
    let retry = RetryRequest(
      key: fixture.newID(), operation: 0x47, bodyDigest: fixture.newID(), seed: fixture.newID(),
      keyID: 0)
    guard case .registeredDynamically(let app) = fixture.commit(operation, retry: retry) else {
      Issue.record("refused")
      return
    }
    fixture.set { $0.allowsDynamicRegistration = false }
    fixture.commit(fixture.setting("dynamic-registration-allowlist", "https://other.example/cb"))
    fixture.wait(seconds: 30)
    guard case .replayed(_, let outcome) = fixture.commit(operation, retry: retry) else {
      Issue.record("not replayed")
      return
    }
    #expect(outcome.renamed(by: operation) == .registeredDynamically(app))
    #expect(fixture.state.apps.liveCount == 1)
  }

  @Test func onlyAdministratorsManageADynamicallyRegisteredApplication() {
    let fixture = open()
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let operation = request(fixture, redirects: ["cursor://anysphere/cb"])
    guard let app = registered(fixture, operation) else { return }
    #expect(fixture.reason(.getApp(fixture.alice, clientID: app.clientID)) == .forbidden)
    #expect(fixture.reason(fixture.update(app.clientID, by: fixture.alice)) == .forbidden)
    #expect(
      fixture.reason(fixture.update(app.clientID, by: fixture.admin) { $0.isTrusted = true })
        == nil)
    #expect(fixture.app(app.clientID)?.fields.isTrusted == true)
  }
}
