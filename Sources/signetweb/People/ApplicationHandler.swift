internal import TokenWire

/// `GET /console/applications/ID`, and the way to it with a secret to show.
enum ApplicationHandler {
  static func show(
    _ clientID: [UInt8], _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    try request.requireRead()
    let app = try worker.application(clientID, person)
    var page = ApplicationPage(
      person: person, app: app, showsIcons: worker.configuration.showsIcons,
      notice: try DoneNote.notice(request, person))
    let name = try request.parameter("once", person)
    // A HEAD shows nothing, so it takes nothing.
    if !name.isEmpty, request.method == .get {
      let secret = worker.formTokens.secretShelf.take(
        name, user: person.userID, clientID: clientID)
      if secret == nil {
        page.notice = .problem(Self.shownBefore)
      } else if let secret, worker.isReplaced(secret, of: clientID) {
        page.notice = .problem(Self.replaced)
      } else {
        page.secret = secret
      }
    }
    return WebResponse(page.page)
  }

  private static let shownBefore: StaticString = """
    The client secret was shown before, or its time of a minute is over. If you have not got it, \
    regenerate it.
    """

  private static let replaced: StaticString = """
    The client secret that this made is not shown: another was made since, by somebody else or \
    with signetctl, and it fails now. If you have not got the present one, regenerate it.
    """

  /// 303 to the application's page; a secret, if there is one, waits there to be shown once. Not
  /// for a form that was sent before, when its secret was shown or fails by now.
  static func seeApplication(
    _ clientID: [UInt8], secret: [UInt8], form: Bytes16, _ note: DoneNote, _ person: Person,
    _ shelf: SecretShelf
  ) -> WebResponse {
    if shelf.isSpent(form, clientID: clientID) { return seeSpent(clientID) }
    var path = PagePath.application(clientID).with("done", note.word)
    if !secret.isEmpty {
      let name = shelf.put(secret, user: person.userID, clientID: clientID, form: form)
      path = path.with("once", name)
    }
    return .seeOther(path.bytes)
  }

  /// 303 to the application's page, which says that the form was sent before.
  static func seeSpent(_ clientID: [UInt8]) -> WebResponse {
    .seeOther(PagePath.application(clientID).with("done", DoneNote.secretMadeBefore.word).bytes)
  }
}
