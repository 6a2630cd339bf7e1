import Testing

@testable import TokenCore

@Suite struct AuthorizeTests {
  let fixture = Fixture()

  @Test func F1_providerOffRefusesAuthorize() {
    let app = fixture.register()
    fixture.switchOff()
    #expect(fixture.reason(.authorize(fixture.authorization(app))) == .providerOff)
  }

  @Test func F14_everyUserMayAuthorizeAnyRegisteredApp() throws {
    let app = fixture.register()
    for person in [fixture.alice, fixture.bob, fixture.admin] {
      #expect(fixture.question(fixture.authorization(app, by: person)) != nil)
    }
  }

  @Test func F16_codeFlowFromQuestionToTokens() throws {
    let app = fixture.register()
    let question = try #require(fixture.question(fixture.authorization(app)))
    let redirect = try #require(fixture.allow(question.ticket))
    #expect(redirect.uri == Fixture.callback)
    #expect(redirect.state == bytes("xyz"))
    guard case .code(let id, _) = redirect.answer else {
      Issue.record("no code")
      return
    }
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, id))))
    #expect(fixture.verdict(token.id) == .live)
    #expect(token.scope == bytes("user"))
    #expect(token.refreshID != nil)
  }

  @Test func F17_pageShowsTheAppAndOnlyTheFirstTime() throws {
    let app = fixture.register(Fixture.fields(name: "Kalender"))
    let question = try #require(fixture.question(fixture.authorization(app)))
    #expect(question.app.app.fields.name == bytes("Kalender"))
    #expect(question.scopes == bytes("user"))
    #expect(question.newScopes == bytes("user"))
    #expect(question.ticket.expiresAtMillis == fixture.nowMillis + 600_000)
    _ = try #require(fixture.allow(question.ticket))
    #expect(fixture.passed(fixture.authorization(app)) != nil)
    #expect(fixture.question(fixture.authorization(app, by: fixture.bob)) != nil)
  }

  @Test func F19_trustedAppSkipsOnlyThePage() throws {
    let app = fixture.register(Fixture.fields(isTrusted: true))
    let redirect = try #require(fixture.passed(fixture.authorization(app)))
    guard case .code = redirect.answer else {
      Issue.record("no code")
      return
    }
    let stranger = fixture.authorization(app, redirect: "https://evil.example/callback")
    #expect(fixture.errorPage(stranger)?.reason == .invalidRedirectURI)
  }

  @Test func F19_trustSkipsNoPageForAPublicClientWithoutHTTPS() {
    let fields = Fixture.fields(
      callbacks: ["http://127.0.0.1/callback"], isTrusted: true, isPublic: true)
    let app = fixture.register(fields)
    let asked = fixture.authorization(
      app, redirect: "http://127.0.0.1:4000/callback", challenge: Pair.challenge)
    #expect(fixture.question(asked) != nil)
  }

  @Test func F19_trustIsNoRememberedConsent() throws {
    let fields = Fixture.fields(isTrusted: true)
    let app = fixture.register(fields)
    _ = try #require(fixture.passed(fixture.authorization(app)))
    var untrusted = try #require(fixture.app(app))
    untrusted.fields.isTrusted = false
    fixture.apply([.app(fixture.appSlot(app), untrusted)])
    #expect(fixture.question(fixture.authorization(app)) != nil)
  }

  @Test(arguments: [
    ("", Refusal.Reason.invalidRedirectURI),
    ("https://client.example/callback/", .invalidRedirectURI),
    ("https://CLIENT.example/callback", .invalidRedirectURI),
    ("https://client.example/callback?a=b", .invalidRedirectURI),
    ("https://client.example/" + String(repeating: "a", count: 300), .invalidRedirectURI),
  ])
  func F20_unregisteredRedirectIsNeverFollowed(_ uri: String, _ reason: Refusal.Reason) {
    let app = fixture.register()
    #expect(fixture.errorPage(fixture.authorization(app, redirect: uri))?.reason == reason)
  }

  @Test func F20_redirectGoesToTheCallbackUsed() throws {
    let callbacks = ["https://client.example/callback", "https://client.example/other"]
    let app = fixture.register(Fixture.fields(callbacks: callbacks, isTrusted: true))
    for callback in callbacks {
      let redirect = fixture.passed(fixture.authorization(app, redirect: callback))
      #expect(redirect?.uri == bytes(callback))
    }
  }

  @Test func F20_unknownAppIsAnErrorPage() {
    let request = fixture.authorization(fixture.newClientID())
    #expect(fixture.errorPage(request)?.reason == .invalidClient)
  }

  @Test func F33_longStateIsAnErrorPage() {
    let app = fixture.register()
    let longest = String(repeating: "s", count: 1_024)
    #expect(fixture.question(fixture.authorization(app, state: longest)) != nil)
    #expect(fixture.errorPage(fixture.authorization(app, state: longest + "s")) != nil)
  }

  @Test(arguments: ["a  b", " a", "a ", "a\"b", String(repeating: "a", count: 129)])
  func F33_badScopeGoesBackToTheClient(_ scope: String) {
    let app = fixture.register()
    #expect(fixture.redirectError(fixture.authorization(app, scope: scope)) == "invalid_scope")
  }

  @Test func G8_scopeOutsideTheAppsIsRefused() {
    let app = fixture.register(Fixture.fields(scopes: "read write"))
    #expect(fixture.question(fixture.authorization(app, scope: "read")) != nil)
    for scope in ["", "read admin", "Read"] {
      #expect(fixture.redirectError(fixture.authorization(app, scope: scope)) == "invalid_scope")
    }
  }

  @Test func F35_implicitOnlyWhereTheAppHasIt() throws {
    let plain = fixture.register()
    let redirect = try #require(fixture.passed(fixture.authorization(plain, type: "token")))
    guard case .error(let error, _, let inFragment) = redirect.answer else {
      Issue.record("no error")
      return
    }
    #expect(error == "unauthorized_client" && inFragment)

    let app = fixture.register(Fixture.fields(isTrusted: true, grantTypes: [.implicit]))
    let passed = try #require(fixture.passed(fixture.authorization(app, type: "token")))
    guard case .token(let token) = passed.answer else {
      Issue.record("no token")
      return
    }
    #expect(token.refreshID == nil)
    #expect(fixture.verdict(token.id) == .live)
    #expect(fixture.redirectError(fixture.authorization(app)) == "unauthorized_client")
  }

  @Test func F35_unsupportedResponseTypeIsAnErrorRedirect() {
    let app = fixture.register()
    let unknown = fixture.authorization(app, type: "id_token")
    #expect(fixture.redirectError(unknown) == "unsupported_response_type")
    #expect(fixture.redirectError(fixture.authorization(app, type: "")) == "invalid_request")
  }

  @Test func G4_implicitRepeats() throws {
    let app = fixture.register(Fixture.fields(isTrusted: true, grantTypes: [.implicit]))
    var ids: [TokenID] = []
    for _ in 0..<3 {
      let passed = try #require(fixture.passed(fixture.authorization(app, type: "token")))
      guard case .token(let token) = passed.answer else {
        Issue.record("no token")
        return
      }
      ids.append(token.id)
    }
    for id in ids { #expect(fixture.verdict(id) == .live) }
  }

  @Test func F36_oauthTokenMayNotAuthorize() {
    let app = fixture.register()
    var person = fixture.alice
    person.login = .oauthToken
    let request = fixture.authorization(app, by: person)
    #expect(fixture.reason(.authorize(request)) == .personLoginRefused)
    let local = fixture.authorization(app, by: .localAdministration)
    #expect(fixture.reason(.authorize(local)) == .invalidField)
  }

  @Test func F38_disabledUserMayNotAuthorize() {
    let app = fixture.register()
    fixture.apply([.user(1_000, User(id: bytes("alice"), isDisabled: true, createdAtMillis: 1))])
    #expect(fixture.reason(.authorize(fixture.authorization(app))) == .userDisabled)
  }

  @Test func F40_publicClientMustUsePKCE() {
    let app = fixture.register(Fixture.fields(isPublic: true))
    #expect(fixture.redirectError(fixture.authorization(app)) == "invalid_request")
    #expect(fixture.question(fixture.authorization(app, challenge: Pair.challenge)) != nil)
  }

  @Test func F40_plainIsRefused() {
    let app = fixture.register()
    for method in ["plain", "", "s256", "S512"] {
      let request = fixture.authorization(app, challenge: Pair.challenge, method: method)
      #expect(fixture.redirectError(request) == "invalid_request")
    }
    let alone = fixture.authorization(app, method: "S256")
    #expect(fixture.redirectError(alone) == "invalid_request")
  }

  @Test func F40_challengeHas43CharactersOfBase64URL() {
    let app = fixture.register()
    let bad = [
      Array(Pair.challenge.dropLast()), Pair.challenge + bytes("A"),
      Array(Pair.challenge.dropLast()) + bytes("="), Array(Pair.challenge.dropLast()) + bytes("+"),
    ]
    for challenge in bad {
      let request = fixture.authorization(app, challenge: challenge)
      #expect(fixture.redirectError(request) == "invalid_request")
    }
  }

  @Test(arguments: [
    "relative/path", "https://api.example/#x", "https://api.example/a b", "1a:x", "urn:",
    "https://api.example/" + String(repeating: "a", count: 512),
  ])
  func F45_badResourceGoesBackToTheClient(_ resource: String) {
    let app = fixture.register()
    let request = fixture.authorization(app, resource: resource)
    #expect(fixture.redirectError(request) == "invalid_target")
  }

  @Test func trustAndMemorySkipThePageOnlyForWhoCanBeTold() throws {
    let loopback = Fixture.fields(
      callbacks: ["http://127.0.0.1/cb", "https://client.example/callback"], isTrusted: true,
      isPublic: true)
    let app = fixture.register(loopback)
    func request(_ redirect: String) -> Authorize {
      fixture.authorization(app, redirect: redirect, challenge: Pair.challenge)
    }
    #expect(fixture.passed(request("https://client.example/callback")) != nil)
    let question = try #require(fixture.question(request("http://127.0.0.1:9000/cb")))
    #expect(question.ticket.redirectURI == bytes("http://127.0.0.1:9000/cb"))
    _ = try #require(fixture.allow(question.ticket))
    #expect(fixture.question(request("http://127.0.0.1:9000/cb")) != nil)
  }

  @Test func questionsAndErrorsChangeNothing() {
    let app = fixture.register()
    let position = fixture.state.position
    _ = fixture.authorize(fixture.authorization(app))
    _ = fixture.authorize(fixture.authorization(app, scope: " "))
    _ = fixture.authorize(fixture.authorization(app, redirect: "https://x.example/"))
    #expect(fixture.state.position == position)
  }

  @Test func retiredKeyMeansPreparingAgain() {
    let app = fixture.register(Fixture.fields(isTrusted: true))
    var request = fixture.authorization(app)
    request.prepared.token.keyID = 7
    #expect(fixture.commit(.authorize(request)) == .stalePreparation)
    #expect(fixture.state.codes.liveCount == 0)
  }
}
