import TestSupport
import Testing
import TokenWire

@testable import signetweb

/// The same pages before the service itself: what it answers is what the handlers expect.
@Suite("People: with the service", .serialized)
struct PeopleServiceTests {
  private static let redirect = "https://z.example/cb"

  private static func authorize(_ clientID: String, scope: String = "user") -> String {
    "/oauth/authorize?response_type=code&client_id=\(clientID)&redirect_uri="
      + "https%3A%2F%2Fz.example%2Fcb&state=s1&scope=\(scope)"
  }

  /// Fills in a page's form: its hidden fields, and what is given.
  private func send(
    _ path: String, _ page: WebResponse, _ fields: [(String, String)], _ person: Person,
    _ worker: inout WebWorker
  ) throws -> WebResponse {
    let hidden = try page.markup().all("input").filter { $0.attributes["type"] == "hidden" }
    let all = hidden.map { ($0.attributes["name"] ?? "", $0.attributes["value"] ?? "") } + fields
    return worker.post(path, all.map { ($0.0, bytes($0.1)) }, person)
  }

  private func register(
    _ fields: [(String, String)], _ person: Person, _ worker: inout WebWorker
  ) throws -> (id: String, page: WebResponse) {
    let path = "/console/applications/new"
    let form = worker.get(path, person)
    #expect(form.status == 200)
    let texts = [
      ("name", "Zap <1>"), ("description", "Does\r\nthings"), ("homepage", "https://z.example"),
      ("icon_url", ""), ("callbacks", "\(Self.redirect)\r\nhttps://z.example/2\r\n"),
    ]
    let response = try send(path, form, texts + fields, person, &worker)
    #expect(response.status == 303)
    let parts = response.location.split(whereSeparator: { $0 == "/" || $0 == "?" })
    try #require(parts.count == 4, "\(response.location)")
    return (String(parts[2]), worker.get(response.location, person))
  }

  private func switchOn(_ worker: inout WebWorker) throws {
    let console = worker.get("/console/system", PagesSamples.root)
    #expect(console.status == 200)
    let switches = [
      ("provider-enabled", "true"), ("restrict-integrations-to-admins", "false"),
      ("enable-username-override", "false"), ("enable-icon-override", "true"),
    ]
    let saved = try send(
      "/console/system", console, switches, PagesSamples.root, &worker)
    #expect(saved.location == "/console/system?done=settings-saved")
  }

  private func answer(
    _ decision: String, _ page: WebResponse, _ worker: inout WebWorker
  ) throws -> WebResponse {
    try send("/oauth/consent", page, [("decision", decision)], PagesSamples.ann, &worker)
  }

  @Test("off → on → register → Deny → Allow → straight through → wider asks again → revoke")
  func story() throws {
    let daemon = try RunningDaemon()
    var worker = PeopleRig.worker(path: daemon.path)
    let ann = PagesSamples.ann
    #expect(worker.get("/console/applications/new", ann).status == 501)
    #expect(worker.get(Self.authorize("abc"), ann).status == 501)
    try switchOn(&worker)
    let (id, page) = try register([("client_type", "confidential")], ann, &worker)
    #expect(try page.markup().withID("client-secret") != nil)
    #expect(string(page.body).contains("sgs_"))

    let first = worker.get(Self.authorize(id), ann)
    #expect(first.status == 200)
    #expect(try first.markup().text.contains("Zap <1>"))
    let denied = try answer("deny", first, &worker)
    #expect(denied.location.hasPrefix("\(Self.redirect)?error=access_denied"))
    #expect(denied.location.contains("state=s1"))
    // The question was answered: the same page cannot say the opposite.
    #expect(try answer("allow", first, &worker).status == 400)

    let second = worker.get(Self.authorize(id), ann)
    let allowed = try answer("allow", second, &worker)
    #expect(allowed.location.hasPrefix("\(Self.redirect)?code="))
    #expect(try answer("allow", second, &worker) == allowed)
    #expect(worker.get(Self.authorize(id), ann).status == 303)

    let wider = worker.get(Self.authorize(id, scope: "read+user"), ann)
    #expect(wider.status == 200)
    #expect(try wider.markup().text.contains("user allowed before"))

    let list = worker.get("/console/authorized", ann)
    #expect(try list.markup().text.contains("Zap <1>"))
    let revoked = try send("/oauth/deauthorize", list, [], ann, &worker)
    #expect(revoked.location == "/console/authorized?done=revoked")
    #expect(worker.get(Self.authorize(id), ann).status == 200)
  }

  @Test("edit, regenerate, delete; another person may do none of it")
  func manage() throws {
    let daemon = try RunningDaemon()
    var worker = PeopleRig.worker(path: daemon.path)
    try switchOn(&worker)
    let ann = PagesSamples.ann
    let bob = Person(userID: bytes("bob"), isSystemAdmin: false)
    let (id, _) = try register([("client_type", "confidential")], ann, &worker)
    let path = "/console/applications/\(id)"
    for page in ["", "/edit", "/delete", "/secret"] {
      #expect([403, 404].contains(worker.get(path + page, bob).status))
    }
    let edit = worker.get("\(path)/edit", ann)
    let texts = [
      ("name", "Zap 2"), ("description", "d"), ("homepage", "https://z.example"),
      ("icon_url", ""),
    ]
    let bad = try send(
      "\(path)/edit", edit, texts + [("callbacks", "\(Self.redirect)\nftp://x")], ann, &worker)
    #expect(bad.status == 400)
    #expect(try bad.markup().withID("callbacks-problem") != nil)
    #expect(try bad.markup().text.contains("Problem: ftp://x: must be"))
    let saved = try send(
      "\(path)/edit", bad, texts + [("callbacks", Self.redirect)], ann, &worker)
    #expect(saved.location == "\(path)?done=saved")
    // The first page is of a revision that is gone.
    let stale = try send(
      "\(path)/edit", edit, texts + [("callbacks", Self.redirect)], ann, &worker)
    #expect(stale.status == 409)

    let question = worker.get("\(path)/secret", ann)
    let regenerated = try send("\(path)/secret", question, [], ann, &worker)
    #expect(string(worker.get(regenerated.location, ann).body).contains("sgs_"))
    let delete = worker.get("\(path)/delete", ann)
    #expect(
      try send("\(path)/delete", delete, [], ann, &worker).location
        == "/console/applications?done=deleted")
    #expect(worker.get(path, ann).status == 404)
  }

  @Test(
    "a secret that signetctl replaced meanwhile is not shown, by no form and no page",
    arguments: [true, false])
  func replacedSecret(_ isOff: Bool) throws {
    let daemon = try RunningDaemon()
    let administrator = try ServiceConnection(daemon.path)
    var worker = PeopleRig.worker(path: daemon.path)
    try switchOn(&worker)
    let ann = PagesSamples.ann
    let (id, _) = try register([("client_type", "confidential")], ann, &worker)
    let path = "/console/applications/\(id)"
    let question = worker.get("\(path)/secret", ann)
    let made = try send("\(path)/secret", question, [], ann, &worker)
    #expect(made.location.contains("&once="))
    // What signetctl apps regenerate-secret sends.
    let present = try administrator.call(
      AppRegenerateSecretRequest(acting: .local, clientId: bytes(id))
    ).clientSecret
    if isOff { try administrator.set([("provider-enabled", "false")]) }
    // The page on its way, then the same form once more.
    let again = try send("\(path)/secret", question, [], ann, &worker)
    for location in [made.location, again.location] {
      let page = try worker.get(location, ann).markup()
      #expect(page.withID("client-secret") == nil && !page.text.contains("sgs_"))
      #expect(page.text.contains("another was made since"), "\(page.text)")
    }
    // A form that was open all the time makes a new one, and that is shown.
    if isOff { return }
    let open = worker.get("\(path)/secret", ann)
    let newest = try send("\(path)/secret", open, [], ann, &worker)
    let shown = try #require(try worker.get(newest.location, ann).markup().withID("client-secret"))
    #expect(shown.name == "code" && !string(worker.get(path, ann).body).contains(string(present)))
  }

  @Test("trust is a system administrator's to give: then no question; unknown and wrong are pages")
  func trust() throws {
    let daemon = try RunningDaemon()
    var worker = PeopleRig.worker(path: daemon.path)
    try switchOn(&worker)
    let trusted = [("client_type", "confidential"), ("is_trusted", "true")]
    let (own, page) = try register(trusted, PagesSamples.ann, &worker)
    #expect(try page.markup().text.contains("not trusted"))
    #expect(worker.get(Self.authorize(own), PagesSamples.ann).status == 200)
    let (id, _) = try register(trusted, PagesSamples.root, &worker)
    let straight = worker.get(Self.authorize(id), PagesSamples.ann)
    #expect(straight.location.hasPrefix("\(Self.redirect)?code="))
    let unknown = worker.get(Self.authorize("abcdefghijklmnopqrstuvwxyz"), PagesSamples.ann)
    #expect(unknown.status == 400 && unknown.header("Location") == nil)
    let elsewhere = worker.get(
      Self.authorize(id).replacing("%2Fcb", with: "%2Fother"), PagesSamples.ann)
    #expect(elsewhere.status == 400 && elsewhere.header("Location") == nil)
  }
}
