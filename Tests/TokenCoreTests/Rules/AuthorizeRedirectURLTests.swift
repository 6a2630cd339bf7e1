import Testing

@testable import TokenCore

@Suite struct AuthorizeRedirectURLTests {
  private func text(
    _ uri: String, _ answer: Redirect.Answer, state: [UInt8] = bytes("xyz"), issuer: String = ""
  ) -> String {
    let redirect = Redirect(
      uri: bytes(uri), state: state, issuer: bytes(issuer), answer: answer)
    return String(decoding: RedirectURL.text(redirect, credential: bytes("sgc_1")), as: UTF8.self)
  }

  private let code = Redirect.Answer.code(.none, keyID: 0)

  @Test func F34_existingQueryIsKept() {
    #expect(text("https://a.example/cb", code) == "https://a.example/cb?code=sgc_1&state=xyz")
    #expect(
      text("https://a.example/cb?x=%20y&z", code)
        == "https://a.example/cb?x=%20y&z&code=sgc_1&state=xyz")
    #expect(text("https://a.example/cb?", code) == "https://a.example/cb?code=sgc_1&state=xyz")
    #expect(
      text("https://a.example/cb?x&", code) == "https://a.example/cb?x&code=sgc_1&state=xyz")
  }

  @Test func F34_stateIsEncodedOnceAndComesBackByteForByte() throws {
    let state = (0...255).map { UInt8($0) }
    let url = text("https://a.example/cb", code, state: state)
    let value = try #require(url.split(separator: "&state=").last)
    var decoded: [UInt8] = []
    var rest = value.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      decoded.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
      rest = rest.dropFirst(2)
    }
    #expect(decoded == state)
    #expect(text("https://a.example/", code, state: bytes("%2F+ ")).hasSuffix("state=%252F%2B%20"))
  }

  @Test func emptyStateAndIssuerAreLeftOut() {
    #expect(text("https://a.example/cb", code, state: []) == "https://a.example/cb?code=sgc_1")
    #expect(
      text("https://a.example/cb", code, issuer: "https://id.example")
        == "https://a.example/cb?code=sgc_1&state=xyz&iss=https%3A%2F%2Fid.example")
  }

  @Test func F35_implicitGoesIntoTheFragment() {
    let token = IssuedToken(
      id: .none, keyID: 0, expiresAtMillis: 0, expiresInSeconds: 60, refreshID: nil,
      refreshKeyID: 0, refreshExpiresAtMillis: 0, scope: bytes("a b"), audience: [],
      grantID: .none)
    #expect(
      text("https://a.example/cb?x=1", .token(token))
        == "https://a.example/cb?x=1#access_token=sgc_1&token_type=bearer&expires_in=60"
        + "&scope=a%20b&state=xyz")
  }

  @Test func G10_denyCarriesStateAndIssuer() {
    #expect(
      text("https://a.example/cb?x=1", .denied(inFragment: false), issuer: "https://id.example")
        == "https://a.example/cb?x=1&error=access_denied"
        + "&error_description=the%20person%20denied%20the%20request&state=xyz"
        + "&iss=https%3A%2F%2Fid.example")
    #expect(
      text("https://a.example/cb", .denied(inFragment: true), state: [])
        == "https://a.example/cb#error=access_denied"
        + "&error_description=the%20person%20denied%20the%20request")
  }

  @Test(arguments: [
    ("https://a.example/cb", "a.example"), ("https://a.example", "a.example"),
    ("http://127.0.0.1:8080/cb", "127.0.0.1:8080"), ("http://[::1]:9/x", "[::1]:9"),
    ("https://a.example?x=/", "a.example"), ("cursor://auth/cb", "auth"), ("nothing", ""),
  ])
  func G10_hostOfTheDestination(_ uri: String, _ host: String) {
    #expect(RedirectURL.host(of: bytes(uri)) == bytes(host))
  }
}
