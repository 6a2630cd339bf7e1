/// The pages for people. The router has seen to it that no Bearer token came with the request.
enum PeoplePages {
  /// What may be seen without a login: the style sheet. Nil: not one of these.
  static func openResponse(_ request: WebRequest) -> WebResponse? { nil }

  /// A page for this person; nil when there is none at the path.
  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) -> WebResponse? { nil }

  /// A page that says what went wrong, for the router: nobody is logged in, no such page.
  static func failure(_ status: Int, _ message: String) -> WebResponse {
    .text(status, message)
  }
}
