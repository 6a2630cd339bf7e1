/// From the path to who answers.
enum Router {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    if let page = PeoplePages.openResponse(request) { return page }
    if PeoplePath.contains(request.path) { return page(request, &worker) }
    switch request.path {
    case "/oauth/token", "/oauth/access_token": return TokenEndpoint.respond(request, &worker)
    case "/oauth/revoke": return RevocationEndpoint.respond(request, &worker)
    case "/oauth/introspect": return IntrospectionEndpoint.respond(request, &worker)
    case "/oauth/userinfo": return UserInfoEndpoint.respond(request, &worker)
    case "/oauth/register": return RegistrationEndpoint.respond(request, &worker)
    case "/.well-known/oauth-authorization-server":
      return MetadataEndpoint.respond(request, &worker)
    default:
      // An issuer with a path puts it behind the well-known one (RFC 8414 section 3.1).
      if request.path(after: "/.well-known/oauth-authorization-server/") != nil {
        return MetadataEndpoint.respond(request, &worker)
      }
      return .text(404, "there is nothing here")
    }
  }

  private static func page(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    // A token must not make or take credentials (F36), whoever the web server says it is.
    if let header = request.authorization, AuthorizationHeader.mayNameBearer(header) {
      return PeoplePages.failure(403, "A token cannot do this. Log in yourself.")
    }
    guard let person = request.person else {
      return PeoplePages.failure(401, "Nobody is logged in. Log in, then try again.")
    }
    return PeoplePages.respond(request, person, &worker)
      ?? PeoplePages.failure(404, "There is no such page.")
  }
}
