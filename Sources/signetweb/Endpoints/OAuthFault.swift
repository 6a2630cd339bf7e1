internal import SignetClient
internal import TokenWire

/// An error that an OAuth client is told: RFC 6749 section 5.2, and its extensions.
struct OAuthFault: Error, Equatable, Sendable {
  var status: Int
  /// The registered word.
  var error: String
  /// One sentence for the client's author.
  var description: String
  /// Asks for HTTP Basic, in a 401.
  var asksForBasic = false
  var retryAfterSeconds: UInt32 = 0

  static func invalidRequest(_ description: String) -> OAuthFault {
    OAuthFault(status: 400, error: "invalid_request", description: description)
  }

  static func invalidClient(_ description: String, asksForBasic: Bool) -> OAuthFault {
    OAuthFault(
      status: 401, error: "invalid_client", description: description, asksForBasic: asksForBasic)
  }

  init(
    status: Int, error: String, description: String, asksForBasic: Bool = false,
    retryAfterSeconds: UInt32 = 0
  ) {
    self.status = status
    self.error = error
    self.description = description
    self.asksForBasic = asksForBasic
    self.retryAfterSeconds = retryAfterSeconds
  }

  init(_ field: FieldError) { self = .invalidRequest(field.message) }

  /// What the service said, for the client. `usedBasic`: the client showed itself by HTTP Basic,
  /// so its failure is answered in kind. A 401 for wrong credentials in the body has no
  /// `WWW-Authenticate`: RFC 6749 section 5.2 demands it only where the client tried the
  /// `Authorization` header, and naming a scheme makes browsers ask people for a password.
  init(_ fault: ServiceFault, usedBasic: Bool) {
    guard case .refused(let refusal) = fault, let status = refusal.status, status.isForClients
    else {
      // What is wrong between the service and this program is nothing for strangers.
      self.init(
        status: fault.httpStatus, error: "temporarily_unavailable",
        description: "the service cannot answer now; try again",
        retryAfterSeconds: fault.retryAfterSeconds)
      return
    }
    let word =
      refusal.oauthError.isEmpty ? status.oauthError ?? "invalid_request" : refusal.oauthError
    self.init(
      status: status.httpStatus, error: word, description: refusal.message,
      asksForBasic: status == .invalidClient && usedBasic,
      retryAfterSeconds: fault.retryAfterSeconds)
  }

  /// The JSON answer.
  var response: WebResponse {
    var json = JSONWriter()
    json.add("error", error)
    // RFC 6749: no `"`, no `\`, printable ASCII only.
    let safe = description.utf8.map {
      (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C ? $0 : UInt8(ascii: "'")
    }
    if !safe.isEmpty { json.add("error_description", safe) }
    var response = WebResponse.json(status, json)
    if asksForBasic {
      response.set("WWW-Authenticate", "Basic realm=\"signet\", charset=\"UTF-8\"")
    }
    if status == 405 { response.set("Allow", "POST") }
    if retryAfterSeconds > 0 { response.set("Retry-After", "\(retryAfterSeconds)") }
    return response
  }
}
