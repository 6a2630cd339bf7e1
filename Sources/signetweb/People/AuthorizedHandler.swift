internal import TokenWire

/// `/console/authorized`, and `POST /oauth/deauthorize`, which its Revoke buttons lead to.
enum AuthorizedHandler {
  private static let act: StaticString = "deauthorize"
  /// A page of some forty applications.
  private static let pageBytes: UInt32 = 12_000

  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    try request.requireRead()
    let cursor = try request.cursor(person)
    let notice = try DoneNote.notice(request, person)
    return WebResponse(try page(cursor, person, &worker, notice: notice))
  }

  static func revoke(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    guard request.method == .post else { throw .notAllowed("POST") }
    let form = try request.posted(person)
    let clientID = try form.text("client_id")
    let verdict = try form.verdict(act, object: clientID, worker.formTokens)
    guard case .good = verdict else {
      return WebResponse(
        try page(0, person, &worker, notice: verdict.notice, status: 403))
    }
    // Not under the form's key: the same form sent again is to take back what was allowed since.
    _ = try worker.ask(
      DeauthorizeRequest(acting: person.acting, user: [], clientId: clientID))
    return .seeOther(PagePath.authorized.with("done", DoneNote.revoked.word).bytes)
  }

  private static func page(
    _ cursor: UInt64, _ person: Person, _ worker: inout WebWorker, notice: Notice?,
    status: Int = 200
  ) throws(PageStop) -> Page {
    let reply = try worker.ask(
      AuthorizedAppsRequest(
        acting: person.acting, user: [], cursor: cursor, maxBytes: pageBytes))
    var entries: [AuthorizedPage.Entry] = []
    for app in reply.apps {
      let token = worker.token(act, object: app.app.clientId, person)
      entries.append(AuthorizedPage.Entry(app: app, token: token))
    }
    return AuthorizedPage(
      person: person, entries: entries,
      nextCursor: reply.nextCursor == 0 ? nil : reply.nextCursor, isContinued: cursor != 0,
      showsIcons: worker.configuration.showsIcons,
      notice: notice, status: status
    ).page
  }
}
