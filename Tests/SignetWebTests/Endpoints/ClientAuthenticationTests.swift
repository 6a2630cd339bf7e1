import TokenWire
import Testing

@testable import signetweb

@Suite("Client authentication: what never reaches the service")
struct ClientAuthenticationTests {
  private static let paths = [
    "/oauth/token", "/oauth/access_token", "/oauth/revoke", "/oauth/introspect",
  ]
  // "app:secret"
  private static let basic = "YXBwOnNlY3JldA=="

  private func check(
    _ request: AssembledRequest, _ status: Int, _ word: String, challenge: Bool = false
  ) throws {
    // The service does not exist: only what is refused before it can be anything but 503.
    let response = try WebSamples.answer(request)
    #expect(response.status == status && response.member("error") == word)
    #expect((response.says("WWW-Authenticate")?.hasPrefix("Basic ") ?? false) == challenge)
    #expect(response.says("Cache-Control") == "no-store" && response.says("Pragma") == "no-cache")
  }

  @Test("Basic and client_secret together", arguments: paths)
  func both(_ path: String) throws {
    let form = "token=t&grant_type=refresh_token&client_id=app&client_secret=secret"
    try check(WebSamples.post(path, form, basic: Self.basic), 400, "invalid_request")
  }

  @Test("client_id that contradicts Basic", arguments: paths)
  func otherClient(_ path: String) throws {
    try check(
      WebSamples.post(path, "token=t&client_id=other", basic: Self.basic), 400, "invalid_request")
  }

  @Test("any parameter twice, known or not", arguments: paths)
  func repeated(_ path: String) throws {
    for form in [
      "token=a&token=b", "grant_type=x&grant_type=x", "odd=&odd=", "client_id=a&client_id=a",
    ] {
      try check(WebSamples.post(path, form, basic: Self.basic), 400, "invalid_request")
    }
  }

  @Test("credentials in the URL", arguments: paths)
  func inURL(_ path: String) throws {
    for query in ["client_id=app", "client_secret=x", "token=x", "refresh_token=x", "%63ode=x"] {
      try check(
        WebSamples.post(path, "token=t", basic: Self.basic, more: [("QUERY_STRING", query)]), 400,
        "invalid_request")
    }
  }

  @Test("another content type, and none", arguments: paths)
  func contentType(_ path: String) throws {
    for type in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
      let request = WebSamples.assembled(
        [("REQUEST_METHOD", "POST"), ("DOCUMENT_URI", path), ("CONTENT_TYPE", type)], "token=t")
      try check(request, 400, "invalid_request")
    }
  }

  @Test("Basic that cannot be decoded, another scheme, nobody at all", arguments: paths)
  func failed(_ path: String) throws {
    for basic in ["", "!!!!", "YWI=", "OmI=", "YSU6Yg=="] {
      try check(
        WebSamples.post(path, "token=t", basic: basic), 401, "invalid_client", challenge: true)
    }
    for header in ["Bearer sga_x", "Digest a", "Basic"] {
      let more = [("HTTP_AUTHORIZATION", header)]
      try check(
        WebSamples.post(path, "token=t", more: more), 401, "invalid_client", challenge: true)
    }
    try check(WebSamples.post(path, "token=t"), 401, "invalid_client", challenge: true)
  }

  @Test("text that is not UTF-8, on which the service would hang up", arguments: paths)
  func notText(_ path: String) throws {
    for form in ["token=%FF", "token=t&scope=%C0%80", "token=t&odd=%ED%A0%80"] {
      try check(WebSamples.post(path, form, basic: Self.basic), 400, "invalid_request")
    }
    try check(
      WebSamples.post(path, "token=t&client_id=%FF&client_secret=x"), 400, "invalid_request")
    // 0xFF ":x", and "a:" 0xFE
    for basic in ["/zp4", "YTr+"] {
      try check(
        WebSamples.post(path, "token=t", basic: basic), 401, "invalid_client", challenge: true)
    }
  }

  @Test("another method is 405 and says which is right", arguments: paths)
  func method(_ path: String) throws {
    for method in ["GET", "HEAD", "PUT", "post"] {
      let request = WebSamples.assembled([("REQUEST_METHOD", method), ("DOCUMENT_URI", path)])
      let response = try WebSamples.answer(request)
      #expect(response.status == 405 && response.says("Allow") == "POST")
    }
  }

  @Test("a service that is away is 503 with Retry-After", arguments: paths)
  func away(_ path: String) throws {
    let form = "token=t&grant_type=client_credentials"
    let response = try WebSamples.answer(WebSamples.post(path, form, basic: Self.basic))
    #expect(response.status == 503 && response.says("Retry-After") == "5")
    #expect(response.member("error") == "temporarily_unavailable")
  }

  @Test("the person that the web server names changes nothing for a client", arguments: paths)
  func personIgnored(_ path: String) throws {
    // As nginx fills it from the client's own Basic header: no user id, and no fault either.
    for user in ["root", "a b", "\u{FF}", String(repeating: "c", count: 200)] {
      try check(
        WebSamples.post(path, "token=t", more: [("SIGNET_USER", user)]), 401, "invalid_client",
        challenge: true)
    }
  }
}
