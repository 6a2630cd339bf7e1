internal import TokenWire

/// `/console/applications/ID/edit`.
enum EditHandler {
  private static let act: StaticString = "edit"

  static func respond(
    _ clientID: [UInt8], _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    if request.method == .post { return try save(clientID, request, person, &worker) }
    guard request.method.isRead else { throw .notAllowed("GET, HEAD, POST") }
    let app = try worker.application(clientID, person)
    return shown(ApplicationForm(app), app, person, &worker)
  }

  private static func save(
    _ clientID: [UInt8], _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    let posted = try request.posted(person)
    var form = try ApplicationForm(posted)
    let verdict = try posted.verdict(act, object: clientID, worker.formTokens)
    let revision = UInt32(String(decoding: try posted.text("revision"), as: UTF8.self))
    // What the form does not ask for stays as it is.
    let app = try worker.application(clientID, person)
    form.isPublic = app.isPublic
    guard case .good(let key) = verdict else {
      return shown(
        form, app, revision: revision, person, &worker, notice: verdict.notice, status: 403)
    }
    // 0 would mean any revision.
    guard let revision, revision > 0 else {
      throw .badRequest("The form does not say which revision it changes.", person)
    }
    form.noteMissing(isNew: false)
    if !form.problems.isEmpty {
      return shown(form, app, revision: revision, person, &worker, status: 400)
    }
    do throws(ServiceFault) {
      let reply = try worker.service.call(
        AppUpdateRequest(
          key: key, acting: person.acting, clientId: clientID, revision: revision,
          fields: form.fields(of: app, mayTrust: person.isSystemAdmin)))
      let isTrustGone = reply.notes & AppUpdateReply.trustRemoved != 0
      let note: DoneNote = isTrustGone ? .savedTrustRemoved : .saved
      return .seeOther(PagePath.application(clientID).with("done", note.word).bytes)
    } catch {
      if form.note(error) {
        return shown(form, app, revision: revision, person, &worker, status: 400)
      }
      if let notice = conflict(error) {
        // With the present revision: whoever sends it again has been told.
        return shown(form, app, person, &worker, notice: notice, status: 409)
      }
      let fault = FaultPage(fault: error, person: person)
      guard let notice = fault.notice else { throw .fault(error) }
      return shown(
        form, app, revision: revision, person, &worker, notice: notice,
        status: fault.page.status)
    }
  }

  private static func conflict(_ fault: ServiceFault) -> Notice? {
    switch fault.status {
    case .revisionConflict, .idempotencyConflict:
      .problem(
        """
        Nothing was saved: the application was changed after you opened this page. What you typed \
        is below; save again to put it in place of that change.
        """)
    default: nil
    }
  }

  private static func shown(
    _ form: ApplicationForm, _ app: AppEntry, revision: UInt32? = nil, _ person: Person,
    _ worker: inout WebWorker, notice: Notice? = nil, status: Int = 200
  ) -> WebResponse {
    let page = ApplicationFormPage(
      person: person, form: form, token: worker.token(act, object: app.clientId, person),
      clientID: app.clientId, name: app.name, revision: revision ?? app.revision, notice: notice,
      status: status)
    return WebResponse(page.page)
  }
}
