internal import TokenWire

/// `/console/applications/new`: the form, and the registration.
enum RegistrationHandler {
  private static let act: StaticString = "register"

  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    if request.method == .post { return try register(request, person, &worker) }
    guard request.method.isRead else { throw .notAllowed("GET, HEAD, POST") }
    // Nobody should fill in a form that cannot be taken.
    guard try worker.ask(MetadataRequest()).providerEnabled else {
      throw .fault(.providerOff)
    }
    return shown(ApplicationForm(), person, &worker)
  }

  private static func register(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    let posted = try request.posted(person)
    var form = try ApplicationForm(posted)
    let verdict = try posted.verdict(act, worker.formTokens)
    guard case .good(let key) = verdict else {
      return shown(form, person, &worker, notice: verdict.notice, status: 403)
    }
    form.noteMissing(isNew: true)
    if !form.problems.isEmpty { return shown(form, person, &worker, status: 400) }
    do throws(ServiceFault) {
      let reply = try worker.service.call(
        AppRegisterRequest(key: key, acting: person.acting, fields: form.fields(of: nil)))
      return registered(reply, key, person, worker.formTokens.secretShelf)
    } catch {
      if form.note(error) { return shown(form, person, &worker, status: 400) }
      if error.status == .idempotencyConflict {
        return shown(form, person, &worker, notice: sentBefore, status: 409)
      }
      let fault = FaultPage(fault: error, person: person)
      guard let notice = fault.notice else { throw .fault(error) }
      // With its token: if it was carried out all the same, sending it again registers nothing new.
      return shown(
        form, person, &worker, token: try posted.text(HTML.tokenField), notice: notice,
        status: fault.page.status)
    }
  }

  private static let sentBefore: Notice = .problem(
    """
    This form was sent before, and an application was registered then. Send it once more to \
    register another one.
    """)

  private static func registered(
    _ reply: AppRegisterReply, _ form: Bytes16, _ person: Person, _ shelf: SecretShelf
  ) -> WebResponse {
    let isUntrusted = reply.notes & AppRegisterReply.trustIgnored != 0
    let note: DoneNote = isUntrusted ? .registeredUntrusted : .registered
    return ApplicationHandler.seeApplication(
      reply.clientId, secret: reply.clientSecret, form: form, note, person, shelf)
  }

  private static func shown(
    _ form: ApplicationForm, _ person: Person, _ worker: inout WebWorker,
    token: [UInt8]? = nil, notice: Notice? = nil, status: Int = 200
  ) -> WebResponse {
    let page = ApplicationFormPage(
      person: person, form: form, token: token ?? worker.token(act, person), notice: notice,
      status: status)
    return WebResponse(page.page)
  }
}
