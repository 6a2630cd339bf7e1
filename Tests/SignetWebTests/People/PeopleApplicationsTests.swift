import FakeSignet
import Testing
import TokenWire

@testable import signetweb

@Suite("People: applications")
struct PeopleApplicationsTests {
  private static let id = "abcdefghijklmnopqrstuvwxyz"

  private static func entry(
    trusted: Bool = false, isPublic: Bool = false, name: String = "Zap"
  ) -> AppEntry {
    AppEntry(
      clientId: bytes(id), creator: bytes("ann"), name: bytes(name), description: bytes("d"),
      homepage: bytes("https://z.example"), iconUrl: [], callbacks: [bytes("https://z.example/cb")],
      trusted: trusted, isPublic: isPublic, dynamicallyRegistered: false, grants: 7,
      audiences: [bytes("https://api")], scopes: bytes("read"), revision: 4, createdAt: 1,
      updatedAt: 1)
  }

  private func fields(
    _ token: [UInt8], name: String = "Zap", callbacks: String = "https://z.example/cb",
    _ more: [(String, [UInt8])] = []
  ) -> [(String, [UInt8])] {
    [
      ("csrf", token), ("name", bytes(name)), ("description", bytes("line 1\r\nline 2")),
      ("homepage", bytes("https://z.example")), ("icon_url", []),
      ("callbacks", bytes(callbacks)),
    ] + more
  }

  private static func registered(secret: String, notes: UInt16 = 0) -> AppRegisterReply {
    AppRegisterReply(
      position: 1, clientId: bytes(id), clientSecret: bytes(secret), callbacks: [], notes: notes)
  }

  /// Before a secret is shown, the service is asked whether it is still the present one.
  private static func answerStillGood(_ peer: borrowing FakePeer, _ secret: String) {
    let asked = peer.answer(ClientRevokeRequest.self, PositionReply(position: 2))
    #expect(string(asked.client.clientSecret) == secret && string(asked.client.clientId) == id)
  }

  // MARK: Registration

  @Test("register → 303 → a page that shows the secret once")
  func register() throws {
    var rig = PeopleRig { peer in
      let asked = peer.answer(AppRegisterRequest.self, Self.registered(secret: "sgs_1"))
      #expect(asked.fields.callbacks.map(string) == ["https://a/", "https://b/"])
      #expect(string(asked.fields.description) == "line 1\nline 2")
      #expect(!asked.fields.isPublic && asked.fields.grants == 0)
      for number in 1...2 {
        peer.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
        if number == 1 { Self.answerStillGood(peer, "sgs_1") }
      }
    }
    let token = rig.worker.good("register")
    let response = rig.post(
      "/console/applications/new", fields(token, callbacks: " https://a/\r\n\r\nhttps://b/ "))
    #expect(response.status == 303)
    #expect(response.location.hasPrefix("/console/applications/\(Self.id)?"))
    #expect(!response.location.contains("sgs_1"))
    let page = rig.get(response.location)
    #expect(page.header("Cache-Control") == bytes("no-store"))
    let markup = try page.markup()
    #expect(markup.withID("client-secret") != nil && markup.text.contains("sgs_1"))
    #expect(markup.text.contains(Self.id) && markup.text.contains("https://z.example/cb"))
    let again = try rig.get(response.location).markup()
    #expect(again.withID("client-secret") == nil && !again.text.contains("sgs_1"))
    rig.server.finish()
  }

  @Test("a public client has no secret to show")
  func registerPublic() {
    var rig = PeopleRig { peer in
      #expect(
        peer.answer(AppRegisterRequest.self, Self.registered(secret: "")).fields.isPublic)
    }
    let token = rig.worker.good("register")
    let response = rig.post(
      "/console/applications/new", fields(token, [("client_type", bytes("public"))]))
    rig.server.finish()
    #expect(response.location == "/console/applications/\(Self.id)?done=registered")
  }

  @Test("a person's wish for trust is passed on, and the page says that it was not granted")
  func registerTrusted() {
    var rig = PeopleRig { peer in
      let asked = peer.answer(
        AppRegisterRequest.self,
        Self.registered(secret: "", notes: AppRegisterReply.trustIgnored))
      #expect(asked.fields.trusted && !asked.acting.systemAdmin)
    }
    let token = rig.worker.good("register")
    let response = rig.post(
      "/console/applications/new", fields(token, [("is_trusted", bytes("true"))]))
    rig.server.finish()
    #expect(response.location.hasSuffix("done=registered-untrusted"))
  }

  @Test("everything that is missing is said at once, with what was typed kept")
  func missing() throws {
    var worker = PeopleRig.workerAlone()
    let token = worker.good("register")
    let response = worker.post(
      "/console/applications/new",
      [("csrf", token), ("name", bytes("  ")), ("icon_url", bytes("https://<i>"))])
    #expect(response.status == 400)
    let markup = try response.markup()
    for name in ["name", "description", "homepage", "callbacks"] {
      #expect(markup.withID("\(name)-problem") != nil, "\(name)")
    }
    #expect(markup.withID("icon_url-problem") == nil)
    #expect(markup.withID("icon_url")?.attributes["value"] == "https://<i>")
  }

  @Test(
    "the service's refusal of a field stands beside that field",
    arguments: [
      ("fields.name", "name"), ("fields.description", "description"),
      ("fields.homepage", "homepage"), ("fields.iconUrl", "icon_url"),
      ("fields.callbacks", "callbacks"), ("fields.callbacks[1]", "callbacks"),
      ("fields.isPublic", "client_type"),
    ])
  func fieldErrors(_ field: String, _ name: String) throws {
    let path = field.replacing("fields.", with: "")
    var rig = PeopleRig {
      $0.refuse(AppRegisterRequest.self, .invalidField, field: field, message: "\(path): is <bad>")
    }
    let token = rig.worker.good("register")
    let response = rig.post(
      "/console/applications/new", fields(token, name: "<Zap>", callbacks: "http://1\nhttp://2"))
    rig.server.finish()
    #expect(response.status == 400)
    let markup = try response.markup()
    #expect(markup.tags.filter { ($0.attributes["class"] ?? "") == "error" }.count == 1)
    #expect(markup.withID("\(name)-problem") != nil)
    let expected = field.hasSuffix("[1]") ? "Problem: http://2: is <bad>" : "Problem: is <bad>"
    #expect(markup.text.contains(expected))
    #expect(markup.withID("name")?.attributes["value"] == "<Zap>")
    #expect(markup.text.contains("http://1\nhttp://2"))
  }

  @Test("a form without a good token comes back with what was typed, and nothing is done")
  func forged() throws {
    var worker = PeopleRig.workerAlone()
    for token in [[], worker.good("edit"), worker.good("register", "", PagesSamples.root)] {
      let response = worker.post("/console/applications/new", fields(token, name: "Typed"))
      #expect(response.status == 403)
      let markup = try response.markup()
      #expect(markup.withID("name")?.attributes["value"] == "Typed")
      #expect(markup.text.contains("Nothing was done"))
      #expect(markup.hidden("csrf") != string(token))
    }
  }

  @Test("nobody there: the form comes back with its token, so that sending it again happens once")
  func away() throws {
    var worker = PeopleRig.workerAlone()
    let token = worker.good("register")
    let response = worker.post("/console/applications/new", fields(token, name: "Typed"))
    #expect(response.status == 503)
    #expect(try response.markup().hidden("csrf") == string(token))
    #expect(try response.markup().withID("name")?.attributes["value"] == "Typed")
  }

  @Test("a form sent again with other contents says so and does nothing")
  func conflict() throws {
    var rig = PeopleRig { $0.refuse(AppRegisterRequest.self, .idempotencyConflict) }
    let token = rig.worker.good("register")
    let response = rig.post("/console/applications/new", fields(token))
    rig.server.finish()
    #expect(response.status == 409)
    #expect(try response.markup().hidden("csrf") != string(token))
  }

  @Test("with the provider off nobody fills in a form; who may not register gets 403")
  func refusals() {
    let metadata = MetadataReply(
      position: 1, issuer: [], providerEnabled: false, dynamicRegistration: false, scopes: [],
      grants: 3, challengeMethods: [], authMethods: [])
    var off = PeopleRig { $0.answer(MetadataRequest.self, metadata) }
    #expect(off.get("/console/applications/new").status == 501)
    off.server.finish()
    var rig = PeopleRig { $0.refuse(AppRegisterRequest.self, .forbidden) }
    let token = rig.worker.good("register")
    #expect(rig.post("/console/applications/new", fields(token)).status == 403)
    rig.server.finish()
  }

  // MARK: One application

  @Test("an edit keeps what the form does not ask for, and names its revision")
  func edit() {
    var rig = PeopleRig { peer in
      peer.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry(trusted: true)))
      let asked = peer.answer(
        AppUpdateRequest.self,
        AppUpdateReply(
          position: 2, app: Self.entry(), notes: AppUpdateReply.trustRemoved))
      #expect(asked.revision == 4 && asked.clientId == bytes(Self.id))
      #expect(asked.fields.grants == 7 && asked.fields.scopes == bytes("read"))
      #expect(asked.fields.audiences == [bytes("https://api")])
      // Not hers to take away either: only what the service does of itself.
      #expect(asked.fields.trusted)
      #expect(string(asked.fields.name) == "New")
    }
    let token = rig.worker.good("edit", Self.id)
    let response = rig.post(
      "/console/applications/\(Self.id)/edit",
      fields(token, name: "New", [("revision", bytes("4"))]))
    rig.server.finish()
    #expect(response.status == 303)
    #expect(response.location.hasSuffix("done=saved-trust-removed"))
  }

  @Test("a system administrator sets and takes trust")
  func editTrust() {
    for isTrusted in [true, false] {
      var rig = PeopleRig { peer in
        peer.answer(
          AppGetRequest.self, AppReply(position: 1, app: Self.entry(trusted: !isTrusted)))
        let asked = peer.answer(
          AppUpdateRequest.self, AppUpdateReply(position: 2, app: Self.entry(), notes: 0))
        #expect(asked.fields.trusted == isTrusted && asked.acting.systemAdmin)
      }
      let token = rig.worker.good("edit", Self.id, PagesSamples.root)
      let more = [("revision", bytes("4"))] + (isTrusted ? [("is_trusted", bytes("true"))] : [])
      let response = rig.post(
        "/console/applications/\(Self.id)/edit", fields(token, more), PagesSamples.root)
      rig.server.finish()
      #expect(response.status == 303)
    }
  }

  @Test("changed by somebody else: what was typed, the present revision, and nothing saved")
  func revisionConflict() throws {
    var rig = PeopleRig { peer in
      peer.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
      peer.refuse(AppUpdateRequest.self, .revisionConflict)
    }
    let token = rig.worker.good("edit", Self.id)
    let response = rig.post(
      "/console/applications/\(Self.id)/edit",
      fields(token, name: "Mine", [("revision", bytes("2"))]))
    rig.server.finish()
    #expect(response.status == 409)
    let markup = try response.markup()
    #expect(markup.hidden("revision") == "4")
    #expect(markup.withID("name")?.attributes["value"] == "Mine")
  }

  @Test("a form without its revision would overwrite anything: refused")
  func noRevision() {
    for revision in ["", "0", "x", "-1"] {
      var rig = PeopleRig {
        $0.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
      }
      let token = rig.worker.good("edit", Self.id)
      let response = rig.post(
        "/console/applications/\(Self.id)/edit", fields(token, [("revision", bytes(revision))]))
      rig.server.finish()
      #expect(response.status == 400)
    }
  }

  @Test("regenerate asks first, then shows the new secret once")
  func regenerate() throws {
    var rig = PeopleRig { peer in
      peer.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
      peer.answer(
        AppRegenerateSecretRequest.self,
        AppRegenerateSecretReply(position: 2, clientSecret: bytes("sgs_new")))
      peer.answer(AppGetRequest.self, AppReply(position: 2, app: Self.entry()))
      Self.answerStillGood(peer, "sgs_new")
    }
    let path = "/console/applications/\(Self.id)/secret"
    let question = rig.get(path)
    #expect(question.status == 200)
    let token = try #require(try question.markup().hidden("csrf"))
    let response = rig.post(path, [("csrf", bytes(token))])
    #expect(response.status == 303)
    #expect(try rig.get(response.location).markup().text.contains("sgs_new"))
    rig.server.finish()
  }

  @Test("a Regenerate form sent again shows its dead secret to nobody")
  func regenerateAgain() throws {
    var rig = PeopleRig { peer in
      for secret in ["sgs_one", "sgs_one", "sgs_two"] {
        peer.answer(
          AppRegenerateSecretRequest.self,
          AppRegenerateSecretReply(position: 2, clientSecret: bytes(secret)))
      }
      peer.answer(AppGetRequest.self, AppReply(position: 2, app: Self.entry()))
      Self.answerStillGood(peer, "sgs_two")
      peer.answer(AppGetRequest.self, AppReply(position: 2, app: Self.entry()))
    }
    let path = "/console/applications/\(Self.id)/secret"
    let (first, second) = (rig.worker.good("secret", Self.id), rig.worker.good("secret", Self.id))
    let unseen = rig.post(path, [("csrf", first)])
    // A double click: the browser follows the second answer, which must have the secret too.
    #expect(rig.post(path, [("csrf", first)]).location.contains("&once="))
    let newer = rig.post(path, [("csrf", second)])
    for (token, isShown) in [(first, false), (second, true)] {
      if isShown {
        #expect(try rig.get(newer.location).markup().text.contains("sgs_two"))
      }
      let again = rig.post(path, [("csrf", token)])
      #expect(again.location == "/console/applications/\(Self.id)?done=secret-before")
    }
    let page = try rig.get("/console/applications/\(Self.id)?done=secret-before").markup()
    #expect(page.text.contains("this form was sent before") && !page.text.contains("sgs_"))
    #expect(unseen.status == 303)
    rig.server.finish()
  }

  @Test("what the service answers to the question about a secret", arguments: [true, false])
  func secretCannotBeJudged(_ isReplaced: Bool) throws {
    var rig = PeopleRig { peer in
      peer.answer(
        AppRegenerateSecretRequest.self,
        AppRegenerateSecretReply(position: 2, clientSecret: bytes("sgs_new")))
      peer.answer(AppGetRequest.self, AppReply(position: 2, app: Self.entry()))
      peer.refuse(ClientRevokeRequest.self, isReplaced ? .invalidClient : .diskFull)
    }
    let token = rig.worker.good("secret", Self.id)
    let response = rig.post("/console/applications/\(Self.id)/secret", [("csrf", token)])
    let markup = try rig.get(response.location).markup()
    rig.server.finish()
    // Whoever made it has no other chance to see it: hidden only where it is known to fail.
    #expect(markup.text.contains("sgs_new") != isReplaced)
    #expect(markup.text.contains("another was made since") == isReplaced)
  }

  @Test("icons = off: no page loads an icon, or may", arguments: [true, false])
  func icons(_ isOn: Bool) {
    let sample = PagesSamples(outside: "xx")
    var rig = PeopleRig(showsIcons: isOn) { peer in
      for _ in 0..<2 {
        peer.answer(AppGetRequest.self, AppReply(position: 1, app: sample.entry()))
      }
      peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 0, apps: [sample.entry()]))
      let app = AuthorizedApp(
        app: sample.info, scope: bytes("user"), firstAuthorizedAt: 1, grants: 0)
      peer.answer(
        AuthorizedAppsRequest.self, AuthorizedAppsReply(position: 1, nextCursor: 0, apps: [app]))
      peer.answer(
        AuthorizeRequest.self,
        AuthorizeReply(
          position: 2, result: AuthorizeReply.Outcome.consentNeeded.rawValue, redirect: [],
          ticket: [1], app: sample.info, callbackHost: bytes("c.example"), scopes: bytes("user"),
          newScopes: bytes("user"), ticketExpiresAt: 9, error: 0, message: []))
    }
    let app = "/console/applications/\(Self.id)"
    for path in [
      app, app + "/delete", "/console/applications", "/console/authorized", "/oauth/authorize",
    ] {
      let response = rig.get(path)
      let policy = String(decoding: response.header("Content-Security-Policy") ?? [], as: UTF8.self)
      #expect(response.status == 200, "\(path)")
      #expect(response.text.contains("<img") == isOn, "\(path)")
      #expect(policy.contains("img-src") == isOn, "\(path)")
      #expect(response.text.contains("icon letter") != isOn, "\(path)")
    }
    rig.server.finish()
  }

  @Test("delete asks first, then leads to the list")
  func delete() throws {
    var rig = PeopleRig { peer in
      peer.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
      peer.answer(AppDeleteRequest.self, PositionReply(position: 2))
    }
    let path = "/console/applications/\(Self.id)/delete"
    let token = try #require(try rig.get(path).markup().hidden("csrf"))
    let response = rig.post(path, [("csrf", bytes(token))])
    rig.server.finish()
    #expect(response.status == 303)
    #expect(response.location == "/console/applications?done=deleted")
  }

  @Test("a token of one act or app is none for another")
  func actsApart() {
    for token in [("delete", "x"), ("secret", Self.id), ("edit", Self.id)] {
      var rig = PeopleRig {
        $0.answer(AppGetRequest.self, AppReply(position: 1, app: Self.entry()))
      }
      let act: StaticString =
        token.0 == "delete" ? "delete" : token.0 == "secret" ? "secret" : "edit"
      let wrong = rig.worker.good(act, token.1)
      let response = rig.post(
        "/console/applications/\(Self.id)/delete", [("csrf", wrong)])
      rig.server.finish()
      #expect(response.status == 403)
    }
  }

  @Test(
    "another's application: the service's refusal is a page",
    arguments: [
      (Status.forbidden, 403), (.notFound, 404), (.userDisabled, 403),
    ])
  func others(_ status: Status, _ code: Int) {
    for path in ["", "/edit", "/delete", "/secret"] {
      var rig = PeopleRig { $0.refuse(AppGetRequest.self, status) }
      #expect(rig.get("/console/applications/\(Self.id)\(path)").status == code)
      rig.server.finish()
    }
  }

  @Test(
    "paths that no page has",
    arguments: [
      "/console/applications/", "/console/applications/x/y", "/console/applications/x/edit/z",
      "/console/applications//edit", "/console/other", "/console/applications/x/",
    ])
  func noPage(_ path: String) {
    var worker = PeopleRig.workerAlone()
    #expect(worker.get(path).status == 404)
  }

  // MARK: The list

  @Test("a person asks for the own ones, an administrator for all or the own ones")
  func whose() {
    for (target, person, all) in [
      ("/console/applications", PagesSamples.ann, false),
      ("/console/applications", PagesSamples.root, true),
      ("/console/applications?mine=1", PagesSamples.root, false),
    ] {
      var rig = PeopleRig { peer in
        let asked = peer.answer(
          AppListRequest.self, AppListReply(position: 1, nextCursor: 0, apps: [Self.entry()]))
        #expect(asked.all == all && asked.cursor == 0)
      }
      #expect(rig.get(target, person).status == 200)
      rig.server.finish()
    }
  }

  @Test("a list goes on where the service's cursor says")
  func paging() throws {
    var rig = PeopleRig { peer in
      peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 77, apps: [Self.entry()]))
      let next = peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 0, apps: []))
      #expect(next.cursor == 77)
    }
    let first = try rig.get("/console/applications").markup()
    let link = "/console/applications?after=77"
    #expect(first.all("a").contains { $0.attributes["href"] == link })
    #expect(rig.get(link).status == 200)
    rig.server.finish()
  }

  @Test("a search walks the list, regardless of case, and says where it stopped")
  func search() throws {
    var rig = PeopleRig { peer in
      for number in 1...8 {
        let name = number == 3 ? "The ZAPPER" : "other"
        peer.answer(
          AppListRequest.self,
          AppListReply(
            position: 1, nextCursor: UInt64(number), apps: [Self.entry(name: name)]))
      }
    }
    let markup = try rig.get("/console/applications?q=zapp").markup()
    rig.server.finish()
    #expect(markup.text.contains("The ZAPPER") && !markup.text.contains("other"))
    let further = "/console/applications?after=8&q=zapp"
    #expect(markup.all("a").contains { $0.attributes["href"] == further })
  }
}
