internal import TokenWire

/// `POST /oauth/register` (RFC 7591), where the service has it switched on. Open to anybody, bound
/// by the service's rate; what is registered is never trusted.
enum RegistrationEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    do throws(OAuthFault) {
      let message = try registration(request)
      do throws(ServiceFault) {
        return success(try worker.service.call(message))
      } catch {
        throw refusal(error)
      }
    } catch {
      return error.response
    }
  }

  private static func registration(
    _ request: WebRequest
  ) throws(OAuthFault) -> AppRegisterDynamicRequest {
    guard request.method == .post else {
      throw OAuthFault(
        status: 405, error: "invalid_request", description: "this endpoint takes POST only")
    }
    guard request.contentType == StaticString("application/json").bytes else {
      throw bad("the body must be application/json")
    }
    let metadata: JSONValue
    do throws(JSONValue.Fault) {
      metadata = try JSONValue(request.body)
    } catch {
      throw bad(error.message)
    }
    guard case .object = metadata else { throw bad("the body must be a JSON object") }
    guard let uris = try texts(metadata, "redirect_uris"), !uris.isEmpty else {
      throw OAuthFault(
        status: 400, error: "invalid_redirect_uri", description: "redirect_uris is missing")
    }
    try limit(metadata, "grant_types", to: ["authorization_code", "refresh_token"])
    try limit(metadata, "response_types", to: ["code"])
    return AppRegisterDynamicRequest(
      redirectUris: uris, authMethod: try text(metadata, "token_endpoint_auth_method"),
      clientName: try text(metadata, "client_name"), clientUri: try text(metadata, "client_uri"),
      scope: try text(metadata, "scope"))
  }

  private static func bad(_ description: String) -> OAuthFault {
    OAuthFault(status: 400, error: "invalid_client_metadata", description: description)
  }

  private static func text(
    _ metadata: JSONValue, _ name: StaticString
  ) throws(OAuthFault) -> [UInt8] {
    switch metadata.member(name) {
    case nil, .null?: return []
    case .string(let text)? where text.count <= WebLimits.fieldValueBytes: return text
    default: throw bad("\(name) must be a string, not too long")
    }
  }

  private static func texts(
    _ metadata: JSONValue, _ name: StaticString
  ) throws(OAuthFault) -> [[UInt8]]? {
    guard let member = metadata.member(name), member != .null else { return nil }
    guard case .array(let values) = member, values.count <= WireLimits.callbacksStructural else {
      throw bad("\(name) must be an array of strings")
    }
    var texts: [[UInt8]] = []
    for value in values {
      guard case .string(let text) = value, text.count <= WebLimits.fieldValueBytes else {
        throw bad("\(name) must be an array of strings")
      }
      texts.append(text)
    }
    return texts
  }

  /// A client that asks for what it will not get is told so, and not registered with less.
  private static func limit(
    _ metadata: JSONValue, _ name: StaticString, to known: [StaticString]
  ) throws(OAuthFault) {
    for text in try texts(metadata, name) ?? [] where !known.contains(where: { $0 ~= text }) {
      throw bad("\(name) may hold only \(known.map { "\($0)" }.joined(separator: ", "))")
    }
  }

  /// RFC 7591 section 3.2.1.
  private static func success(_ reply: AppRegisterDynamicReply) -> WebResponse {
    var json = JSONWriter()
    json.add("client_id", reply.clientId)
    json.add("client_id_issued_at", reply.issuedAt / 1_000)
    if !reply.clientSecret.isEmpty {
      json.add("client_secret", reply.clientSecret)
      json.add("client_secret_expires_at", 0 as UInt64)
    }
    json.add("redirect_uris", reply.redirectUris)
    json.add("token_endpoint_auth_method", reply.authMethod)
    let grants = GrantTypes(rawValue: reply.grants)
    json.add(
      "grant_types", GrantTypes.named.filter { grants.contains($0.grant) }.map(\.name))
    json.add("response_types", ["code"])
    json.add("client_name", reply.clientName)
    if !reply.clientUri.isEmpty { json.add("client_uri", reply.clientUri) }
    if !reply.scope.isEmpty { json.add("scope", reply.scope) }
    return .json(201, json)
  }

  /// Off, by either switch, is 400 here and not 501: that is what clients of it know.
  private static func refusal(_ fault: ServiceFault) -> OAuthFault {
    var answer = OAuthFault(fault, usedBasic: false)
    switch fault.status {
    case .providerOff, .registrationOff:
      answer.status = 400
      answer.error = "unsupported_operation"
    case .invalidField: answer.error = "invalid_client_metadata"
    default: break
    }
    return answer
  }
}
