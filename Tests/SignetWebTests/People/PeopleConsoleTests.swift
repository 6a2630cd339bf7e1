import FakeSignet
import Testing
import TokenWire

@testable import signetweb

@Suite("People: authorized applications, system console, style sheet")
struct PeopleConsoleTests {
  private static let authorized = AuthorizedApp(
    app: AppInfo(
      clientId: bytes("app1"), name: bytes("Zap"), description: [],
      homepage: bytes("https://z.example"), iconUrl: [], trusted: false, isPublic: false),
    scope: bytes("user"), firstAuthorizedAt: 1, grants: 1)

  private static let settings = [
    SettingEntry(name: bytes("provider-enabled"), value: bytes("false")),
    SettingEntry(name: bytes("restrict-integrations-to-admins"), value: bytes("true")),
    SettingEntry(name: bytes("enable-username-override"), value: bytes("false")),
    SettingEntry(name: bytes("enable-icon-override"), value: bytes("false")),
    SettingEntry(name: bytes("issuer"), value: bytes("https://id.example")),
  ]

  // MARK: Authorized applications

  @Test("Revoke, by the button's own form, leads back to the list")
  func revoke() throws {
    var rig = PeopleRig { peer in
      let asked = peer.answer(
        AuthorizedAppsRequest.self,
        AuthorizedAppsReply(position: 1, nextCursor: 0, apps: [Self.authorized]))
      #expect(asked.user.isEmpty && asked.acting.user == bytes("ann"))
      let revoked = peer.answer(DeauthorizeRequest.self, PositionReply(position: 2))
      #expect(revoked.clientId == bytes("app1") && revoked.user.isEmpty && !revoked.key.isZero)
      peer.answer(
        AuthorizedAppsRequest.self, AuthorizedAppsReply(position: 2, nextCursor: 0, apps: []))
    }
    let page = try rig.get("/console/authorized").markup()
    #expect(page.all("button").contains { $0.attributes["aria-label"] == "Revoke Zap" })
    let token = try #require(page.hidden("csrf"))
    let response = rig.post(
      "/oauth/deauthorize", [("csrf", bytes(token)), ("client_id", bytes("app1"))])
    #expect(response.status == 303)
    let after = try rig.get(response.location).markup()
    rig.server.finish()
    #expect(after.text.contains("Revoked:") && after.text.contains("not authorized any"))
  }

  @Test("a form that is sent again acts again: Revoke and the switches are no retries")
  func sentAgain() {
    var rig = PeopleRig { peer in
      let first = peer.answer(DeauthorizeRequest.self, PositionReply(position: 2)).key
      let second = peer.answer(DeauthorizeRequest.self, PositionReply(position: 3)).key
      #expect(first != second && !first.isZero && !second.isZero)
      let reply = SettingsReply(position: 4, settings: Self.settings)
      let set = peer.answer(SettingsSetRequest.self, reply).key
      let setAgain = peer.answer(SettingsSetRequest.self, reply).key
      #expect(set != setAgain && !set.isZero && !setAgain.isZero)
    }
    let token = rig.worker.good("deauthorize", "app1")
    let fields = [("csrf", token), ("client_id", bytes("app1"))]
    for _ in 0..<2 { #expect(rig.post("/oauth/deauthorize", fields).status == 303) }
    let root = PagesSamples.root
    let system = rig.worker.good("system", "", root)
    for _ in 0..<2 {
      #expect(rig.post("/console/system", Self.choice(system), root).status == 303)
    }
    rig.server.finish()
  }

  @Test("the token of one application revokes no other, and nothing is done without one")
  func revokeForged() throws {
    for token in ["other", ""] {
      var rig = PeopleRig {
        $0.answer(
          AuthorizedAppsRequest.self,
          AuthorizedAppsReply(position: 1, nextCursor: 0, apps: [Self.authorized]))
      }
      let csrf = token.isEmpty ? [] : rig.worker.good("deauthorize", token)
      let response = rig.post(
        "/oauth/deauthorize", [("csrf", csrf), ("client_id", bytes("app1"))])
      rig.server.finish()
      #expect(response.status == 403)
      #expect(try response.markup().text.contains("Nothing was done"))
    }
  }

  @Test("a body that is no form is refused")
  func noForm() {
    var worker = PeopleRig.workerAlone()
    let response = worker.respond(
      .post, "/oauth/deauthorize", query: [], form: nil, PagesSamples.ann)
    #expect(response.status == 415)
  }

  // MARK: System console

  @Test("only for system administrators, without asking the service")
  func ordinaryPerson() {
    var worker = PeopleRig.workerAlone()
    #expect(worker.get("/console/system").status == 403)
    #expect(worker.post("/console/system", []).status == 403)
  }

  @Test("the switches show how things are, and set all four")
  func switches() throws {
    var rig = PeopleRig { peer in
      let reply = SettingsReply(position: 1, settings: Self.settings)
      peer.answer(SettingsGetRequest.self, reply)
      let asked = peer.answer(SettingsSetRequest.self, reply)
      #expect(asked.acting.systemAdmin)
      #expect(
        asked.settings.map { string($0.name) + "=" + string($0.value) } == [
          "provider-enabled=true", "restrict-integrations-to-admins=false",
          "enable-username-override=true", "enable-icon-override=false",
        ])
    }
    let page = try rig.get("/console/system", PagesSamples.root).markup()
    let checked = page.all("input").filter { $0.attributes["checked"] != nil }
    #expect(checked.map { $0.attributes["value"] } == ["false", "true", "false", "false"])
    #expect(page.text.contains("https://id.example"))
    let token = try #require(page.hidden("csrf"))
    let response = rig.post(
      "/console/system", Self.choice(bytes(token)), PagesSamples.root)
    rig.server.finish()
    #expect(response.status == 303)
    #expect(response.location == "/console/system?done=settings-saved")
  }

  private static func choice(
    _ token: [UInt8], username: String = "true"
  ) -> [(String, [UInt8])] {
    [
      ("csrf", token), ("provider-enabled", bytes("true")),
      ("restrict-integrations-to-admins", bytes("false")),
      ("enable-username-override", bytes(username)), ("enable-icon-override", bytes("false")),
    ]
  }

  @Test("a switch without a position, or a refused one, keeps the others as chosen")
  func badSwitch() throws {
    var rig = PeopleRig { peer in
      let reply = SettingsReply(position: 1, settings: Self.settings)
      peer.answer(SettingsGetRequest.self, reply)
      peer.refuse(
        SettingsSetRequest.self, .invalidField, field: "settings[2].value",
        message: "settings[2].value: no")
      peer.answer(SettingsGetRequest.self, reply)
    }
    for username in ["", "true"] {
      let token = rig.worker.good("system", "", PagesSamples.root)
      let response = rig.post(
        "/console/system", Self.choice(token, username: username), PagesSamples.root)
      #expect(response.status == 400)
      let markup = try response.markup()
      #expect(markup.withID("enable-username-override-problem") != nil)
      let on = try #require(markup.withID("provider-enabled-true"))
      #expect(on.attributes["checked"] != nil)
    }
    rig.server.finish()
  }

  @Test("a forged change of the switches is not sent to the service")
  func forgedSwitch() {
    var rig = PeopleRig {
      $0.answer(
        SettingsGetRequest.self, SettingsReply(position: 1, settings: Self.settings))
    }
    let token = rig.worker.good("system", "", PagesSamples.ann)
    let response = rig.post("/console/system", Self.choice(token), PagesSamples.root)
    rig.server.finish()
    #expect(response.status == 403)
  }

  // MARK: What needs no service

  @Test("the style sheet is open to everybody")
  func styleSheet() {
    let request = WebRequest(
      method: .get, path: bytes("/oauth/style.css"), query: FieldList(formEncoded: []),
      form: nil, contentType: [], body: [], person: nil, authorization: nil)
    let response = PeoplePages.openResponse(request)
    #expect(response?.status == 200)
    #expect(response?.header("Content-Type") == bytes("text/css; charset=utf-8"))
  }

  @Test("nobody logged in: 401, a page that says who can help, and no navigation")
  func nobody() throws {
    let response = PeoplePages.failure(401, "Nobody is logged in. <b>")
    #expect(response.status == 401)
    let markup = try response.markup()
    #expect(markup.all("nav").isEmpty)
    #expect(markup.text.contains("FastCGI parameter") && markup.text.contains("<b>"))
  }

  @Test("the console begins with the applications; a word from outside is no notice")
  func beginnings() throws {
    var worker = PeopleRig.workerAlone()
    #expect(worker.get("/console").location == "/console/applications")
    var rig = PeopleRig {
      $0.answer(AppListRequest.self, AppListReply(position: 1, nextCursor: 0, apps: []))
    }
    let markup = try rig.get("/console/applications?done=You+won").markup()
    rig.server.finish()
    #expect(!markup.text.contains("You won"))
    #expect(markup.tags.allSatisfy { $0.attributes["role"] != "status" })
  }

  @Test("a page's headers hold no line break, whatever an app's URLs hold")
  func headers() {
    for (name, page) in PagesSamples(outside: "x\r\nSet-Cookie: a").all {
      #expect(WebResponse(page).isSendable, "\(name)")
    }
  }
}
