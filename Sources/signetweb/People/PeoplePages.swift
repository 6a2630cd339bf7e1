/// The pages for people. The router has seen to it that no Bearer token came with the request.
enum PeoplePages {
  /// What may be seen without a login: the style sheet. Nil: not one of these.
  static func openResponse(_ request: WebRequest) -> WebResponse? {
    guard request.hasPath("/oauth/style.css") else { return nil }
    guard request.method.isRead else { return notAllowed("GET, HEAD") }
    var response = WebResponse(
      status: 200, contentType: "text/css; charset=utf-8", body: StyleSheet.text.bytes)
    response.set("Cache-Control", "public, max-age=300")
    response.set("X-Content-Type-Options", "nosniff")
    return response
  }

  /// A page for this person; nil when there is none at the path.
  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) -> WebResponse? {
    do throws(PageStop) {
      return try route(request, person, &worker)
    } catch {
      switch error {
      case .page(let page): return WebResponse(page)
      case .fault(let fault): return WebResponse(FaultPage(fault: fault, person: person).page)
      case .notAllowed(let methods): return notAllowed(methods)
      case .nothingHere: return nil
      }
    }
  }

  /// A page that says what went wrong, for the router: nobody is logged in, no such page.
  static func failure(_ status: Int, _ message: String) -> WebResponse {
    let text = Array(message.utf8)
    switch status {
    case 401:
      // No WWW-Authenticate: logging people in is the business of the web server in front.
      return WebResponse(
        MessagePage(
          title: "Nobody is logged in", status: 401, text: text,
          remedy: """
            If you are logged in: the web server in front must name you in the FastCGI parameter \
            that signetweb is configured for; its operator can see to that.
            """
        ).page)
    case 404:
      return WebResponse(
        MessagePage(title: "There is nothing here", status: 404, text: text).page)
    default:
      return WebResponse(
        MessagePage(title: "That did not work", status: status, text: text).page)
    }
  }

  private static func notAllowed(_ methods: StaticString) -> WebResponse {
    var response = failure(405, "This address does not take that method.")
    response.set("Allow", methods)
    return response
  }

  private static func route(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    switch String(decoding: request.path, as: UTF8.self) {
    case "/oauth/authorize":
      return try AuthorizeHandler.respond(request, person, &worker)
    case "/oauth/consent":
      return try ConsentHandler.respond(request, person, &worker)
    case "/oauth/deauthorize":
      return try AuthorizedHandler.revoke(request, person, &worker)
    case "/console", "/console/":
      try request.requireRead()
      return .seeOther(PagePath.applications.bytes)
    case "/console/applications":
      return try ApplicationListHandler.respond(request, person, &worker)
    case "/console/applications/new":
      return try RegistrationHandler.respond(request, person, &worker)
    case "/console/authorized":
      return try AuthorizedHandler.respond(request, person, &worker)
    case "/console/system":
      return try SystemHandler.respond(request, person, &worker)
    default:
      return try application(request, person, &worker)
    }
  }

  /// `/console/applications/ID` and what lies below.
  private static func application(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    guard let rest = request.path(after: "/console/applications/") else {
      throw .nothingHere
    }
    let parts = rest.split(separator: 0x2F, omittingEmptySubsequences: false).map { Array($0) }
    guard let id = parts.first, !id.isEmpty, id.isUTF8, parts.count <= 2 else {
      throw .nothingHere
    }
    switch parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : "" {
    case "" where parts.count == 1:
      return try ApplicationHandler.show(id, request, person, &worker)
    case "edit": return try EditHandler.respond(id, request, person, &worker)
    case "delete":
      return try ConfirmationHandler.respond(.delete, id, request, person, &worker)
    case "secret":
      return try ConfirmationHandler.respond(.regenerateSecret, id, request, person, &worker)
    default: throw .nothingHere
    }
  }
}
