internal import TokenWire

/// `POST /oauth/consent`: Allow or Deny.
enum ConsentHandler {
  static let act: StaticString = "consent"

  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    guard request.method == .post else { throw .notAllowed("POST") }
    let form = try request.posted(person)
    let text = try form.text("ticket")
    let verdict = try form.verdict(act, object: text, worker.formTokens)
    guard case .good(let key) = verdict, let ticket = Base64URL.decode(text) else {
      // The page cannot be shown again: what it says is known to the service only, and the service
      // is asked by the application's link.
      throw .page(
        MessagePage(
          title: "Nothing was allowed", status: 403, person: person,
          text: (verdict.notice ?? .problem("The form was changed on its way.")).text,
          remedy: "Go back to the application and start again from there."
        ).page)
    }
    let decision = try form.text("decision")
    if decision == ConsentPage.allow.bytes {
      let request = AllowRequest(key: key, acting: person.acting, ticket: ticket)
      return try redirected { () throws(PageStop) in try worker.ask(request) }
    }
    if decision == ConsentPage.deny.bytes {
      let request = DenyRequest(key: key, acting: person.acting, ticket: ticket)
      return try redirected { () throws(PageStop) in try worker.ask(request) }
    }
    throw .badRequest("The answer is neither Allow nor Deny.", person)
  }

  private static func redirected(
    _ ask: () throws(PageStop) -> RedirectReply
  ) throws(PageStop) -> WebResponse {
    do throws(PageStop) {
      return .seeOther(try ask().redirect)
    } catch {
      // The other button of this page was pressed before: the question is closed.
      if case .fault(let fault) = error, fault.status == .idempotencyConflict {
        throw .fault(.ticketInvalid)
      }
      throw error
    }
  }
}
