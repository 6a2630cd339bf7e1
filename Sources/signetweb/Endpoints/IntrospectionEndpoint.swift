internal import TokenWire

/// `POST /oauth/introspect` (RFC 7662), for an authenticated client: its own tokens, or those for
/// its audiences. Why a token is not active is nobody's business here.
enum IntrospectionEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    do throws(OAuthFault) {
      let client = try ClientRequest(request)
      let question = ClientIntrospectRequest(
        client: client.client, token: try client.required("token"))
      let reply = try worker.answer(question, client)
      return .json(200, object(reply, worker.configuration))
    } catch {
      return error.response
    }
  }

  private static func object(
    _ reply: IntrospectReply, _ configuration: WebConfiguration
  ) -> JSONWriter {
    var json = JSONWriter()
    json.add("active", reply.active)
    guard reply.active else { return json }
    json.add("scope", reply.scope)
    json.add("client_id", reply.clientId)
    if !reply.subject.isEmpty {
      json.add("sub", reply.subject)
      json.add("username", reply.subject)
    }
    // 1 is an access token; a refresh token is of no type that a resource server could take.
    if reply.tokenKind == 1 { json.add("token_type", "bearer") }
    json.add("exp", reply.expiresAt / 1_000)
    json.add("iat", reply.issuedAt / 1_000)
    if !reply.audience.isEmpty { json.add("aud", reply.audience) }
    json.add("iss", configuration.issuer)
    return json
  }
}
