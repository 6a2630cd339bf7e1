internal import TokenWire

/// `/console/system`, for system administrators.
enum SystemHandler {
  private static let act: StaticString = "system"

  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    guard person.isSystemAdmin else {
      throw .page(
        MessagePage(
          title: "For system administrators only", status: 403, person: person,
          text: Array("The system console is for those whom signetweb's configuration names.".utf8),
          remedy: "Ask a system administrator to make the change."
        ).page)
    }
    if request.method == .post { return try save(request, person, &worker) }
    guard request.method.isRead else { throw .notAllowed("GET, HEAD, POST") }
    return try shown(nil, person, &worker, notice: try DoneNote.notice(request, person))
  }

  private static func save(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    let posted = try request.posted(person)
    var values: [[UInt8]] = []
    for item in SystemForm.switches { values.append(try posted.text(item.setting)) }
    var form = SystemForm(values: values)
    let verdict = try posted.verdict(act, worker.formTokens)
    guard case .good = verdict else {
      return try shown(form, person, &worker, notice: verdict.notice, status: 403)
    }
    guard form.isComplete() else {
      return try shown(
        form, person, &worker, notice: .problem("Nothing was saved: a switch has no position."),
        status: 400)
    }
    do throws(ServiceFault) {
      // Not under the form's key: sent again it is to hold, whatever was set in between.
      _ = try worker.service.call(
        SettingsSetRequest(acting: person.acting, settings: form.settings))
    } catch {
      guard let refusal = error.fieldRefusal, let index = refusal.index(in: "settings"),
        form.values.indices.contains(index)
      else { throw .fault(error) }
      form.note(index, refusal.sentence)
      return try shown(
        form, person, &worker, notice: .problem("Nothing was saved."), status: 400)
    }
    return .seeOther(PagePath.system.with("done", DoneNote.settingsSaved.word).bytes)
  }

  private static func shown(
    _ form: SystemForm?, _ person: Person, _ worker: inout WebWorker, notice: Notice?,
    status: Int = 200
  ) throws(PageStop) -> WebResponse {
    let settings = try worker.ask(SettingsGetRequest(acting: person.acting)).settings
    let page = SystemPage(
      person: person, form: form ?? SystemForm(settings), settings: settings,
      token: worker.token(act, person), notice: notice, status: status)
    return WebResponse(page.page)
  }
}
