internal import TokenWire

/// `/console/applications/ID/delete` and `.../secret`: the question, and the act.
enum ConfirmationHandler {
  static func respond(
    _ act: ConfirmationPage.Act, _ clientID: [UInt8], _ request: WebRequest, _ person: Person,
    _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    var verdict: FormTokens.Verdict?
    if request.method == .post {
      let judged = try request.posted(person).verdict(
        act.name, object: clientID, worker.formTokens)
      if case .good(let key) = judged {
        return try carryOut(act, clientID, key, person, &worker)
      }
      verdict = judged
    } else if !request.method.isRead {
      throw .notAllowed("GET, HEAD, POST")
    }
    let app = try worker.application(clientID, person)
    if act == .regenerateSecret, app.isPublic { throw .fault(.publicClient) }
    let page = ConfirmationPage(
      act: act, person: person, app: app,
      token: worker.token(act.name, object: clientID, person),
      showsIcons: worker.configuration.showsIcons, notice: verdict?.notice,
      status: verdict == nil ? 200 : 403)
    return WebResponse(page.page)
  }

  private static func carryOut(
    _ act: ConfirmationPage.Act, _ clientID: [UInt8], _ key: Bytes16, _ person: Person,
    _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    switch act {
    case .delete:
      _ = try worker.ask(
        AppDeleteRequest(key: key, acting: person.acting, clientId: clientID))
      return .seeOther(PagePath.applications.with("done", DoneNote.deleted.word).bytes)
    case .regenerateSecret:
      // Before the service is asked: it forgets a form sooner than the form itself gets too old.
      if worker.formTokens.secretShelf.isSpent(key, clientID: clientID) {
        return ApplicationHandler.seeSpent(clientID)
      }
      let reply = try worker.ask(
        AppRegenerateSecretRequest(key: key, acting: person.acting, clientId: clientID))
      return ApplicationHandler.seeApplication(
        clientID, secret: reply.clientSecret, form: key, .secretRegenerated, person,
        worker.formTokens.secretShelf)
    }
  }
}
