internal import TokenWire

/// `/oauth/userinfo`: whose token this is, from VALIDATE. Answers as a gateway does
/// (proto-spec/verdicts.md, RFC 6750).
enum UserInfoEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    guard request.method.isRead || request.method == .post else {
      var response = refusal(405, "invalid_request")
      response.set("Allow", "GET, HEAD, POST")
      return response
    }
    let inURL = (try? request.query.one("access_token")) ?? nil
    if inURL != nil || request.query.fault != nil { return refusal(400, "invalid_request") }
    guard let header = request.authorization,
      case .bearer(let token) = AuthorizationHeader(header), !token.isEmpty
    else { return refusal(401, nil) }
    if token.count > WebLimits.bearerTokenBytes { return refusal(401, "invalid_token") }
    let question = ValidateRequest(
      form: .identity, flags: 0, atLeastPosition: 0, requiredScopes: [], audience: [],
      tokens: [token])
    do throws(ServiceFault) {
      guard case .identities(let identities) = try worker.service.call(question),
        let identity = identities.first
      else { return unavailable(5) }
      return answer(identity)
    } catch {
      return unavailable(max(error.retryAfterSeconds, 1))
    }
  }

  private static func answer(_ identity: Identity) -> WebResponse {
    switch Verdict(rawValue: identity.verdict) {
    case .valid: break
    case .providerOff: return unavailable(5)
    case let verdict:
      let word = verdict.map(\.oauthError) ?? "invalid_token"
      return refusal(verdict?.httpStatus ?? 401, word)
    }
    guard identity.subjectKind == Identity.SubjectKind.user.rawValue else {
      // The token of a client that acts for itself: good, but of no person.
      return refusal(403, "insufficient_scope")
    }
    var json = JSONWriter()
    json.add("sub", identity.subject)
    json.add("preferred_username", identity.subject)
    json.add("client_id", identity.clientId)
    json.add("scope", identity.scope)
    json.add("exp", identity.expiresAt / 1_000)
    return .json(200, json)
  }

  /// RFC 6750 section 3; without a word when no token was shown.
  private static func refusal(_ status: Int, _ word: String?) -> WebResponse {
    var json = JSONWriter()
    if let word { json.add("error", word) }
    var response = WebResponse.json(status, json)
    let error = word.map { ", error=\"\($0)\"" } ?? ""
    response.set("WWW-Authenticate", "Bearer realm=\"signet\"\(error)")
    return response
  }

  private static func unavailable(_ seconds: UInt32) -> WebResponse {
    OAuthFault(
      status: 503, error: "temporarily_unavailable",
      description: "the service cannot answer now; try again", retryAfterSeconds: seconds
    ).response
  }
}
