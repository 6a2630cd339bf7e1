internal import TokenWire

/// `/.well-known/oauth-authorization-server` (RFC 8414). Every URL begins with the configured
/// issuer; the request's Host is never looked at.
enum MetadataEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    guard request.method.isRead else {
      var response = WebResponse.text(405, "this endpoint takes GET only")
      response.set("Allow", "GET, HEAD")
      return response
    }
    do throws(ServiceFault) {
      let reply = try worker.service.call(MetadataRequest())
      if !reply.providerEnabled {
        return OAuthFault(
          status: 501, error: "temporarily_unavailable",
          description: "the OAuth provider is switched off"
        ).response
      }
      let configuration = worker.configuration
      if !reply.issuer.isEmpty && reply.issuer != configuration.issuer {
        worker.log.warning(
          "signetd's setting issuer is not this program's: clients will refuse answers (RFC 9207); "
            + "make them equal")
      }
      return .json(200, object(reply, configuration.issuer))
    } catch {
      return OAuthFault(error, usedBasic: false).response
    }
  }

  private static func object(_ reply: MetadataReply, _ issuer: [UInt8]) -> JSONWriter {
    let url = { (path: StaticString) in issuer + path.bytes }
    let methods = words(reply.authMethods)
    let secretMethods = methods.filter { $0 != StaticString("none").bytes }
    let grants = GrantTypes.named.filter {
      $0.grant != .implicit && GrantTypes(rawValue: reply.grants).contains($0.grant)
    }
    var json = JSONWriter()
    json.add("issuer", issuer)
    json.add("authorization_endpoint", url("/oauth/authorize"))
    json.add("token_endpoint", url("/oauth/token"))
    json.add("revocation_endpoint", url("/oauth/revoke"))
    json.add("introspection_endpoint", url("/oauth/introspect"))
    json.add("userinfo_endpoint", url("/oauth/userinfo"))
    if reply.dynamicRegistration { json.add("registration_endpoint", url("/oauth/register")) }
    json.add("scopes_supported", words(reply.scopes))
    json.add("response_types_supported", ["code"])
    json.add("response_modes_supported", ["query"])
    json.add("grant_types_supported", grants.map(\.name))
    json.add("token_endpoint_auth_methods_supported", methods)
    json.add("revocation_endpoint_auth_methods_supported", methods)
    json.add("introspection_endpoint_auth_methods_supported", secretMethods)
    json.add("code_challenge_methods_supported", words(reply.challengeMethods))
    json.add("authorization_response_iss_parameter_supported", reply.issuer == issuer)
    return json
  }

  private static func words(_ text: [UInt8]) -> [[UInt8]] {
    text.split(separator: 0x20).map { Array($0) }
  }
}
