import FakeSignet
import Testing
import TokenWire

@testable import signetweb

@Suite("People: authorize and consent")
struct PeopleAuthorizeTests {
  private static let app = AppInfo(
    clientId: bytes("abcdefghijklmnopqrstuvwxyz"), name: bytes("<Zap>"), description: [],
    homepage: bytes("https://z.example"), iconUrl: [], trusted: false, isPublic: false)
  private static let target =
    "/oauth/authorize?response_type=code&client_id=abc&redirect_uri=https%3A%2F%2Fz.example%2Fcb"
    + "&scope=read+user&state=s%26t&code_challenge=CC&code_challenge_method=S256"
    + "&resource=https%3A%2F%2Fapi"

  private static func reply(
    _ outcome: AuthorizeReply.Outcome, redirect: String = "", error: Status = .ok,
    message: String = ""
  ) -> AuthorizeReply {
    AuthorizeReply(
      position: 1, result: outcome.rawValue, redirect: bytes(redirect),
      ticket: outcome == .consentNeeded ? [0, 1, 2, 255] : [],
      app: outcome == .consentNeeded ? app : .empty, callbackHost: bytes("z.example"),
      scopes: bytes("read user"), newScopes: bytes("read"), ticketExpiresAt: 0,
      error: error.rawValue, message: bytes(message))
  }

  @Test("the parameters reach the service as they came, in the person's name")
  func parameters() {
    var rig = PeopleRig { peer in
      let asked = peer.answer(AuthorizeRequest.self, Self.reply(.redirect, redirect: "https://z/"))
      #expect(asked.acting == Acting(user: "ann", systemAdmin: false, login: .session))
      #expect(string(asked.redirectUri) == "https://z.example/cb")
      #expect(string(asked.scope) == "read user")
      #expect(string(asked.state) == "s&t")
      #expect(string(asked.codeChallenge) == "CC")
      #expect(string(asked.codeChallengeMethod) == "S256")
      #expect(string(asked.resource) == "https://api")
      #expect(string(asked.responseType) == "code")
      #expect(string(asked.clientId) == "abc")
    }
    let response = rig.get(Self.target)
    rig.server.finish()
    #expect(response.status == 303)
    #expect(response.location == "https://z/")
  }

  @Test("consent needed: the page, with a token for this ticket, its policy and no store")
  func F47_consentPageIsNeitherStoredNorFramed() throws {
    var rig = PeopleRig { $0.answer(AuthorizeRequest.self, Self.reply(.consentNeeded)) }
    let response = rig.get(Self.target)
    rig.server.finish()
    #expect(response.status == 200)
    let markup = try response.markup()
    #expect(markup.text.contains("<Zap>"))
    let ticket = try #require(markup.hidden("ticket"))
    #expect(Base64URL.decode(bytes(ticket)) == [0, 1, 2, 255])
    let token = try #require(markup.hidden("csrf"))
    let subject = FormSubject(
      user: bytes("ann"), act: ConsentHandler.act, object: bytes(ticket))
    guard case .good = rig.worker.formTokens.check(bytes(token), subject) else {
      Issue.record("the page's own token is not good")
      return
    }
    let policy = string(response.header("Content-Security-Policy") ?? [])
    #expect(policy.contains("form-action 'self' https://z.example;"))
    for (name, value) in [
      ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY"),
      ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ] {
      let header = response.headers.first { string($0.name.bytes) == name }
      #expect(string(header?.value ?? []) == value)
    }
  }

  @Test("login_hint is for the web server's login page: it changes nothing here")
  func F47_loginHintIsLeftToTheWebServer() throws {
    var rig = PeopleRig {
      let plain = $0.answer(AuthorizeRequest.self, Self.reply(.consentNeeded))
      var hinted = $0.answer(AuthorizeRequest.self, Self.reply(.consentNeeded))
      hinted.key = plain.key
      #expect(plain == hinted)
    }
    #expect(rig.get(Self.target).status == 200)
    #expect(rig.get(Self.target + "&login_hint=bob%40example.org").status == 200)
    rig.server.finish()
  }

  @Test(
    "unknown app, unregistered callback: a page, never a redirect",
    arguments: [
      Status.invalidClient, .invalidRedirectURI, .invalidRequest,
    ])
  func errorPage(_ status: Status) throws {
    var rig = PeopleRig {
      $0.answer(
        AuthorizeRequest.self, Self.reply(.errorPage, error: status, message: "<no> such app"))
    }
    let response = rig.get(Self.target)
    rig.server.finish()
    #expect(response.status == 400)
    #expect(response.header("Location") == nil)
    #expect(try response.markup().text.contains("<no> such app"))
    #expect(try response.markup().all("form").isEmpty)
  }

  @Test(
    "what cannot be asked is not asked: repeated, badly encoded",
    arguments: [
      "&state=other", "&scope=%zz", "&other=%",
    ])
  func badQuery(_ more: String) throws {
    var worker = PeopleRig.workerAlone()
    let response = worker.get(Self.target + more)
    #expect(response.status == 400)
    #expect(response.header("Location") == nil)
  }

  @Test("a parameter that is not UTF-8 is not sent to the service, which would hang up")
  func notUTF8() {
    var worker = PeopleRig.workerAlone()
    #expect(worker.get(Self.target.replacing("s%26t", with: "%ff")).status == 400)
  }

  @Test("only GET authorizes: not HEAD, not POST")
  func method() {
    var worker = PeopleRig.workerAlone()
    #expect(worker.get(Self.target, method: .head).status == 405)
    #expect(worker.post("/oauth/authorize", []).status == 405)
    #expect(worker.get("/oauth/consent").status == 405)
    #expect(worker.get("/oauth/deauthorize").status == 405)
  }

  @Test("provider off: 501; busy: 503 with Retry-After; nobody there: 503")
  func refusals() {
    var off = PeopleRig { $0.refuse(AuthorizeRequest.self, .providerOff) }
    #expect(off.get(Self.target).status == 501)
    off.server.finish()
    var busy = PeopleRig { $0.refuse(AuthorizeRequest.self, .busy, retryAfterMillis: 1_500) }
    let response = busy.get(Self.target)
    busy.server.finish()
    #expect(response.status == 503)
    #expect(response.header("Retry-After") == bytes("2"))
    var alone = PeopleRig.workerAlone()
    let away = alone.get(Self.target)
    #expect(away.status == 503)
    #expect(away.header("Retry-After") == bytes("5"))
  }

  // MARK: The answer

  private func answer(
    _ decision: String, token: [UInt8], _ worker: inout WebWorker
  ) -> WebResponse {
    worker.post(
      "/oauth/consent",
      [
        ("csrf", token), ("ticket", Base64URL.encode([9, 8, 7])), ("decision", bytes(decision)),
      ])
  }

  @Test("Allow and Deny hand the ticket back and lead where the service says")
  func answers() {
    let object = string(Base64URL.encode([9, 8, 7]))
    let reply = RedirectReply(position: 1, redirect: bytes("https://z.example/cb?x=1"))
    var allow = PeopleRig { peer in
      let asked = peer.answer(AllowRequest.self, reply)
      #expect(asked.ticket == [9, 8, 7])
      #expect(asked.acting.user == bytes("ann"))
      #expect(!asked.key.isZero)
    }
    let token = allow.worker.good(ConsentHandler.act, object)
    let allowed = answer("allow", token: token, &allow.worker)
    allow.server.finish()
    #expect(allowed.status == 303 && allowed.location == "https://z.example/cb?x=1")
    var deny = PeopleRig { #expect($0.answer(DenyRequest.self, reply).ticket == [9, 8, 7]) }
    let denied = answer(
      "deny", token: deny.worker.good(ConsentHandler.act, object), &deny.worker)
    deny.server.finish()
    #expect(denied.status == 303 && denied.location == "https://z.example/cb?x=1")
  }

  @Test("a double click sends one key, so that it is one Allow")
  func doubleClick() {
    let reply = RedirectReply(position: 1, redirect: bytes("https://z/"))
    var rig = PeopleRig { peer in
      let first = peer.answer(AllowRequest.self, reply).key
      let second = peer.answer(AllowRequest.self, reply).key
      #expect(first == second && !first.isZero)
    }
    let token = rig.worker.good(ConsentHandler.act, string(Base64URL.encode([9, 8, 7])))
    for _ in 0..<2 { #expect(answer("allow", token: token, &rig.worker).status == 303) }
    rig.server.finish()
  }

  @Test("without a good token nothing is asked of the service")
  func forged() {
    var worker = PeopleRig.workerAlone()
    let object = string(Base64URL.encode([9, 8, 7]))
    let bob = Person(userID: bytes("bob"), isSystemAdmin: false)
    for token in [
      [], bytes("x"), worker.good(ConsentHandler.act), worker.good("edit", object),
      worker.good(ConsentHandler.act, object, bob),
      worker.good(ConsentHandler.act, string(Base64URL.encode([9, 8]))),
    ] {
      let response = answer("allow", token: token, &worker)
      #expect(response.status == 403)
      #expect(response.header("Location") == nil)
    }
  }

  @Test("an answer that is neither, and a ticket that is gone, are pages")
  func otherAnswers() throws {
    let object = string(Base64URL.encode([9, 8, 7]))
    var worker = PeopleRig.workerAlone()
    let token = worker.good(ConsentHandler.act, object)
    #expect(answer("perhaps", token: token, &worker).status == 400)
    var rig = PeopleRig { $0.refuse(AllowRequest.self, .ticketInvalid) }
    let gone = answer("allow", token: rig.worker.good(ConsentHandler.act, object), &rig.worker)
    rig.server.finish()
    #expect(gone.status == 400)
    #expect(try gone.markup().text.contains("start again"))
  }
}
