import FakeSignet
import Testing
import TokenWire

@testable import signetweb

@Suite("Token, revocation and introspection endpoints")
struct TokenEndpointTests {
  // "app:s+1%": the second half is form-encoded in what is sent.
  private static let basic = "YXBwOnMlMkIxJTI1"

  private static func tokens(refresh: String = "sgr_new", scope: String = "read") -> TokensReply {
    TokensReply(
      position: 7,
      tokens: TokenSet(
        accessToken: bytes("sga_new"), expiresAt: 1, expiresInSeconds: 3_600,
        refreshToken: bytes(refresh), refreshExpiresAt: 2, scope: bytes(scope), audience: [],
        accessor: bytes("sgx_a"), grant: bytes("sgg_g")))
  }

  @Test("a code for tokens: the fields arrive decoded once, the answer is RFC 6749's")
  func F47_exchangeIsNotStored() throws {
    let form =
      "grant_type=authorization_code&code=sgc_1&redirect_uri=https%3A%2F%2Fa.example%2Fc%3Fx%3D1"
      + "&code_verifier=v-._~&client_id=app"
    let response = try WebSamples.answer(
      WebSamples.post("/oauth/access_token", form, basic: Self.basic)
    ) {
      let request = $0.answer(ExchangeRequest.self, Self.tokens())
      #expect(
        request.client
          == ClientAuth(clientId: "app", clientSecret: "s+1%", method: .basic))
      #expect(text(request.code) == "sgc_1" && text(request.codeVerifier) == "v-._~")
      #expect(text(request.redirectUri) == "https://a.example/c?x=1")
      #expect(!request.key.isZero)
    }
    #expect(response.status == 200 && response.says("Content-Type") == "application/json")
    #expect(response.says("Cache-Control") == "no-store" && response.says("Pragma") == "no-cache")
    #expect(
      response.text
        == #"{"access_token":"sga_new","token_type":"bearer","expires_in":3600,"#
        + #""refresh_token":"sgr_new","scope":"read"}"# + "\n")
  }

  @Test("refresh with body credentials, as Zapier sends them")
  func refresh() throws {
    let form =
      "client_id=app&client_secret=s&grant_type=refresh_token&refresh_token=sgr_1&scope=a+b"
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form)) {
      let request = $0.answer(RefreshRequest.self, Self.tokens(refresh: ""))
      #expect(
        request.client == ClientAuth(clientId: "app", clientSecret: "s", method: .body))
      #expect(text(request.refreshToken) == "sgr_1" && text(request.scope) == "a b")
    }
    #expect(response.status == 200 && response.member("refresh_token") == nil)
  }

  @Test("a public client shows only its id")
  func publicClient() throws {
    let form = "client_id=app&grant_type=client_credentials&resource=https%3A%2F%2Fr"
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form)) {
      let request = $0.refuse(ClientCredentialsRequest.self, .unauthorizedClient)
      #expect(request.client.method == .none && text(request.resource) == "https://r")
    }
    #expect(response.status == 400 && response.member("error") == "unauthorized_client")
  }

  @Test(
    "what is missing is told before the service is asked",
    arguments: [
      "", "grant_type=", "grant_type=authorization_code&code=c",
      "grant_type=authorization_code&redirect_uri=https%3A%2F%2Fa", "grant_type=refresh_token",
    ])
  func missing(_ form: String) throws {
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form, basic: Self.basic))
    #expect(response.status == 400 && response.member("error") == "invalid_request")
  }

  @Test(
    "another grant type",
    arguments: ["password", "Authorization_code", "implicit", "refresh_to\u{212A}en"])
  func unsupported(_ grant: String) throws {
    let form = "grant_type=\(grant)&code=c&refresh_token=r"
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form, basic: Self.basic))
    #expect(response.status == 400 && response.member("error") == "unsupported_grant_type")
  }

  @Test(
    "refusals of the service by their table",
    arguments: [
      (.invalidGrant, 400, "invalid_grant"), (.invalidScope, 400, "invalid_scope"),
      (.invalidTarget, 400, "invalid_target"), (.invalidClient, 401, "invalid_client"),
      (.providerOff, 501, "temporarily_unavailable"), (.userDisabled, 403, "access_denied"),
      (.rateLimited, 429, "temporarily_unavailable"), (.busy, 503, "temporarily_unavailable"),
      (.denied, 503, "temporarily_unavailable"), (.diskFull, 503, "temporarily_unavailable"),
    ] as [(Status, Int, String)])
  func refusals(_ status: Status, _ http: Int, _ word: String) throws {
    let form = "grant_type=client_credentials"
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form, basic: Self.basic)) {
      $0.refuse(
        ClientCredentialsRequest.self, status, message: "uid 7 \"may\"\nnot",
        retryAfterMillis: status == .rateLimited ? 1_001 : 0)
    }
    #expect(response.status == http && response.member("error") == word)
    #expect((response.says("WWW-Authenticate") != nil) == (status == .invalidClient))
    let retry = [.rateLimited: "2", .busy: "1", .denied: "5", .diskFull: "5"][status]
    #expect(response.says("Retry-After") == retry)
    // What is between the service and this program is not for strangers.
    #expect(response.text.contains("uid 7") == (status.rawValue >= 0x100))
    #expect(!response.text.contains("\\\"may") && !response.text.contains("\\n"))
  }

  @Test("a failed body authentication is 401 without asking for Basic")
  func bodyFailure() throws {
    let form = "grant_type=client_credentials&client_id=a&client_secret=wrong"
    let response = try WebSamples.answer(WebSamples.post("/oauth/token", form)) {
      $0.refuse(ClientCredentialsRequest.self, .invalidClient)
    }
    #expect(response.status == 401 && response.says("WWW-Authenticate") == nil)
    #expect(!response.text.contains("wrong"))
  }

  @Test("revocation answers 200 without a body")
  func revoke() throws {
    let form = "token=sgr_1&token_type_hint=nonsense"
    let response = try WebSamples.answer(WebSamples.post("/oauth/revoke", form, basic: Self.basic))
    {
      let request = $0.answer(ClientRevokeRequest.self, PositionReply(position: 1))
      #expect(text(request.token) == "sgr_1")
    }
    #expect(response.status == 200 && response.body.isEmpty)
    let none = try WebSamples.answer(WebSamples.post("/oauth/revoke", "a=b", basic: Self.basic))
    #expect(none.status == 400 && none.member("error") == "invalid_request")
  }

  private static func introspection(active: Bool, kind: UInt8 = 1) -> IntrospectReply {
    IntrospectReply(
      position: 1, active: active, reason: active ? 0 : 5, tokenKind: active ? kind : 0,
      subject: bytes(active ? "alice" : ""), clientId: bytes(active ? "app" : ""),
      scope: bytes(active ? "read" : ""), audience: bytes(active ? "https://r" : ""),
      expiresAt: active ? 1_700_000_000_999 : 0, issuedAt: active ? 1_600_000_000_000 : 0,
      accessor: [], grant: [])
  }

  @Test("introspection of a good token, and of one that is not")
  func introspect() throws {
    let request = WebSamples.post("/oauth/introspect", "token=sga_1", basic: Self.basic)
    let active = try WebSamples.answer(request) {
      $0.answer(ClientIntrospectRequest.self, Self.introspection(active: true))
    }
    #expect(
      active.text
        == #"{"active":true,"scope":"read","client_id":"app","sub":"alice","username":"alice","#
        + #""token_type":"bearer","exp":1700000000,"iat":1600000000,"aud":"https://r","#
        + #""iss":"https://id.example"}"# + "\n")
    let dead = try WebSamples.answer(request) {
      $0.answer(ClientIntrospectRequest.self, Self.introspection(active: false))
    }
    #expect(dead.status == 200 && dead.text == "{\"active\":false}\n")
    let refresh = try WebSamples.answer(request) {
      $0.answer(ClientIntrospectRequest.self, Self.introspection(active: true, kind: 2))
    }
    #expect(refresh.member("token_type") == nil)
  }
}
