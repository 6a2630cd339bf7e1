import FakeSignet
import Testing
import TokenWire

@testable import signetweb

@Suite("User info, metadata, registration, people's paths")
struct OpenEndpointTests {
  private func userInfo(_ header: String?) -> AssembledRequest {
    WebSamples.get("/oauth/userinfo", header.map { [("HTTP_AUTHORIZATION", $0)] } ?? [])
  }

  private func answer(_ identity: Identity) throws -> WebResponse {
    try WebSamples.answer(userInfo("bearer sga_1")) {
      let request = $0.answer(ValidateRequest.self, .identities([identity]))
      #expect(request.tokens == [bytes("sga_1")] && request.form == .identity)
      #expect(request.audience.isEmpty && request.flags == 0)
    }
  }

  @Test("whose token it is")
  func userInfo() throws {
    let response = try answer(
      Identity(
        verdict: 0, subjectKind: 1, expiresAt: 5_999, subject: bytes("alice"),
        clientId: bytes("app"), scope: bytes("read")))
    #expect(response.status == 200 && response.member("sub") == "alice")
    #expect(response.says("Cache-Control") == "no-store")
    #expect(try answer(Identity(verdict: 0, subjectKind: 2)).status == 403)
  }

  @Test("verdicts as a gateway answers them; one of a later version refuses")
  func verdicts() throws {
    for verdict in Verdict.allCases where verdict != .valid {
      let response = try answer(Identity(verdict: verdict.rawValue))
      #expect(response.status == verdict.httpStatus, "\(verdict)")
      #expect(response.says("Retry-After") == (verdict == .providerOff ? "5" : nil))
    }
    let later = try answer(Identity(verdict: 200))
    #expect(
      later.status == 401
        && later.says("WWW-Authenticate") == "Bearer realm=\"signet\", error=\"invalid_token\"")
  }

  @Test(
    "no token, another scheme, an empty one: 401 that says only how",
    arguments: [
      nil, "Basic YTpi", "Bearer", "Bearer ", "Token x",
    ])
  func noToken(_ header: String?) throws {
    let response = try WebSamples.answer(userInfo(header))
    #expect(
      response.status == 401 && response.says("WWW-Authenticate") == "Bearer realm=\"signet\"")
  }

  @Test("a token of megabytes is refused here, one in the URL is a bad request")
  func oddTokens() throws {
    let long = try WebSamples.answer(userInfo("Bearer " + String(repeating: "a", count: 50_000)))
    #expect(long.status == 401)
    let inURL = try WebSamples.answer(
      WebSamples.get("/oauth/userinfo", [("QUERY_STRING", "access_token=sga_1")]))
    #expect(inURL.status == 400)
    #expect(try WebSamples.answer(userInfo("Bearer sga_1")).status == 503)
  }

  private static func metadata(
    on: Bool = true, dynamic: Bool = false, issuer: String = "https://id.example"
  ) -> MetadataReply {
    MetadataReply(
      position: 1, issuer: bytes(issuer), providerEnabled: on, dynamicRegistration: dynamic,
      scopes: bytes("user"), grants: 15, challengeMethods: bytes("S256"),
      authMethods: bytes("client_secret_basic client_secret_post none"))
  }

  @Test("metadata: the issuer is the configuration's, whatever Host says")
  func metadata() throws {
    let request = WebSamples.get(
      "/.well-known/oauth-authorization-server",
      [("HTTP_HOST", "evil.example"), ("SERVER_NAME", "evil.example")])
    let response = try WebSamples.answer(request) {
      $0.answer(MetadataRequest.self, Self.metadata(dynamic: true, issuer: "https://other"))
    }
    #expect(response.status == 200 && !response.text.contains("evil"))
    #expect(response.member("issuer") == "https://id.example")
    #expect(response.member("token_endpoint") == "https://id.example/oauth/token")
    #expect(response.member("registration_endpoint") == "https://id.example/oauth/register")
    let value = try JSONValue(response.body)
    #expect(value.member("authorization_response_iss_parameter_supported") == .bool(false))
    #expect(
      value.member("grant_types_supported")
        == .array(
          ["authorization_code", "refresh_token", "client_credentials"].map { .string(bytes($0)) }))
  }

  @Test("metadata without registration; under an issuer's path; 501 while the provider is off")
  func metadataForms() throws {
    let plain = try WebSamples.answer(
      WebSamples.get("/.well-known/oauth-authorization-server/sub")
    ) { $0.answer(MetadataRequest.self, Self.metadata()) }
    #expect(plain.status == 200 && plain.member("registration_endpoint") == nil)
    let off = try WebSamples.answer(WebSamples.get("/.well-known/oauth-authorization-server")) {
      $0.answer(MetadataRequest.self, Self.metadata(on: false))
    }
    #expect(off.status == 501)
  }

  private func register(_ json: String, type: String = "application/json") -> AssembledRequest {
    WebSamples.assembled(
      [("REQUEST_METHOD", "POST"), ("DOCUMENT_URI", "/oauth/register"), ("CONTENT_TYPE", type)],
      json)
  }

  @Test("registration as RFC 7591 has it")
  func registration() throws {
    let json =
      #"{"redirect_uris":["https://a/cb"],"client_name":"\u00c4pp","#
      + #""grant_types":["authorization_code"],"#
      + #""token_endpoint_auth_method":"client_secret_post","logo_uri":"x","contacts":["a"]}"#
    let response = try WebSamples.answer(register(json, type: "application/json; charset=utf-8")) {
      let request = $0.answer(
        AppRegisterDynamicRequest.self,
        AppRegisterDynamicReply(
          position: 1, clientId: bytes("id"), clientSecret: bytes("sgs_1"),
          clientName: bytes("Äpp"), clientUri: [], redirectUris: [bytes("https://a/cb")],
          authMethod: bytes("client_secret_post"), grants: 3, scope: [], issuedAt: 9_999))
      #expect(text(request.clientName) == "Äpp" && request.redirectUris == [bytes("https://a/cb")])
      #expect(text(request.authMethod) == "client_secret_post" && !request.key.isZero)
    }
    #expect(response.status == 201 && response.member("client_secret") == "sgs_1")
    #expect(response.text.contains(#""client_id_issued_at":9,"#))
    #expect(response.text.contains(#""client_secret_expires_at":0,"#))
    #expect(response.says("Cache-Control") == "no-store")
  }

  @Test(
    "registrations that are refused here",
    arguments: [
      ("{}", "invalid_redirect_uri"), (#"{"redirect_uris":[]}"#, "invalid_redirect_uri"),
      (#"{"redirect_uris":"https://a"}"#, "invalid_client_metadata"),
      ("[]", "invalid_client_metadata"),
      (#"{"redirect_uris":[1]}"#, "invalid_client_metadata"), ("{", "invalid_client_metadata"),
      (#"{"redirect_uris":["https://a"],"client_name":7}"#, "invalid_client_metadata"),
      (#"{"redirect_uris":["https://a"],"grant_types":["implicit"]}"#, "invalid_client_metadata"),
      (#"{"redirect_uris":["https://a"],"response_types":["token"]}"#, "invalid_client_metadata"),
      (
        #"{"redirect_uris":["https://a"],"redirect_uris":["https://b"]}"#, "invalid_client_metadata"
      ),
    ])
  func badRegistration(_ json: String, _ word: String) throws {
    let response = try WebSamples.answer(register(json))
    #expect(response.status == 400 && response.member("error") == word)
    #expect(try WebSamples.answer(register(json, type: "text/json")).status == 400)
  }

  @Test(
    "registration that the service refuses",
    arguments: [
      (.registrationOff, 400, "unsupported_operation"),
      (.providerOff, 400, "unsupported_operation"),
      (.invalidRedirectURI, 400, "invalid_redirect_uri"),
      (.invalidClientMetadata, 400, "invalid_client_metadata"),
      (.rateLimited, 429, "temporarily_unavailable"),
    ] as [(Status, Int, String)])
  func refusedRegistration(_ status: Status, _ http: Int, _ word: String) throws {
    let response = try WebSamples.answer(register(#"{"redirect_uris":["https://a"]}"#)) {
      $0.refuse(AppRegisterDynamicRequest.self, status)
    }
    #expect(response.status == http && response.member("error") == word)
  }

  @Test(
    "people's paths want a person, and no Bearer token even then (F36)",
    arguments: [
      "/oauth/authorize", "/oauth/consent", "/oauth/deauthorize", "/console",
      "/console/applications",
    ])
  func people(_ path: String) throws {
    let none = try WebSamples.answer(WebSamples.get(path))
    #expect(none.status == 401)
    for header in [
      "Bearer sga_1", "bearer x", "BEARER", "Bearer\tsga_1", " Bearer x", "\tbearer x",
      "Basic YTpi, Bearer sga_1", "Basic YTpi,bearer x",
    ] {
      let token = try WebSamples.answer(
        WebSamples.get(path, [("SIGNET_USER", "root"), ("HTTP_AUTHORIZATION", header)]))
      #expect(token.status == 403)
    }
  }

  @Test(
    "other paths are 404",
    arguments: [
      "", "/", "/oauth", "/oauth/token/", "/oauth//token", "/OAuth/token", "/consolex",
      "/oauth/authorize/",
    ])
  func notFound(_ path: String) throws {
    #expect(try WebSamples.answer(WebSamples.get(path, [("SIGNET_USER", "a")])).status == 404)
  }
}
