/// From the path to who answers.
enum Router {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    if let page = PeoplePages.openResponse(request) { return page }
    if isForPeople(request.path) { return page(request, &worker) }
    return .text(404, "there is nothing here")
  }

  /// Whether a path belongs to people, who log in, and not to programs.
  static func isForPeople(_ path: [UInt8]) -> Bool {
    switch String(decoding: path, as: UTF8.self) {
    case "/oauth/authorize", "/oauth/consent", "/oauth/deauthorize", "/console": true
    default: path.starts(with: "/console/".utf8)
    }
  }

  private static func page(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    guard let person = request.person else {
      return PeoplePages.failure(401, "Nobody is logged in. Log in, then try again.")
    }
    return PeoplePages.respond(request, person, &worker)
      ?? PeoplePages.failure(404, "There is no such page.")
  }
}
