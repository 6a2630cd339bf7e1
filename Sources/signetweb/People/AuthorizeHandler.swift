internal import TokenWire

/// `GET /oauth/authorize` (RFC 6749, 4.1.1): the service judges, the browser gets a redirect, the
/// consent page or, where the callback is not proven, an error page.
enum AuthorizeHandler {
  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    // No HEAD: an answer may make a code, which nobody would read.
    guard request.method == .get else { throw .notAllowed("GET") }
    let question = AuthorizeRequest(
      acting: person.acting, responseType: try request.parameter("response_type", person),
      clientId: try request.parameter("client_id", person),
      redirectUri: try request.parameter("redirect_uri", person),
      scope: try request.parameter("scope", person),
      state: try request.parameter("state", person),
      codeChallenge: try request.parameter("code_challenge", person),
      codeChallengeMethod: try request.parameter("code_challenge_method", person),
      resource: try request.parameter("resource", person))
    let reply = try worker.ask(question)
    switch AuthorizeReply.Outcome(rawValue: reply.result) {
    case .redirect: return .seeOther(reply.redirect)
    case .consentNeeded:
      let ticket = Base64URL.encode(reply.ticket)
      let page = ConsentPage(
        person: person, app: reply.app, callbackHost: reply.callbackHost,
        redirectURI: question.redirectUri, scopes: reply.scopes, newScopes: reply.newScopes,
        ticket: ticket, token: worker.token(ConsentHandler.act, object: ticket, person),
        showsIcons: worker.configuration.showsIcons)
      return WebResponse(page.page)
    case .errorPage: return WebResponse(refused(reply, person))
    case nil: throw .fault(.away)
    }
  }

  /// Never a redirect: the callback is not known to be the application's.
  private static func refused(_ reply: AuthorizeReply, _ person: Person) -> Page {
    let title: StaticString
    switch Status(rawValue: reply.error) {
    case .invalidClient: title = "This application is not known here"
    case .invalidRedirectURI: title = "This application may not be answered there"
    default: title = "This request cannot be understood"
    }
    return MessagePage(
      title: title, status: 400, person: person, text: reply.message,
      remedy: """
        You were not sent back, and nothing was allowed. Whoever makes the application can mend \
        this: client id and callback URL must be those that are registered here.
        """
    ).page
  }
}
