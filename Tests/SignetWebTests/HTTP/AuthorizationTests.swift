import Testing

@testable import signetweb

@Suite("Base 64 and the Authorization header")
struct AuthorizationTests {
  @Test(
    "vectors of RFC 4648 section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func decodes(_ plain: String, _ encoded: String) {
    #expect(text(Base64.decoded(bytes(encoded))) == plain)
  }

  @Test("every byte value comes back")
  func everyByte() {
    #expect(Base64.decoded(bytes("AAECA/3+/w==")) == [0, 1, 2, 3, 0xFD, 0xFE, 0xFF])
  }

  @Test(
    "what no encoder writes is refused",
    arguments: [
      "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "====", "Z===", "Zm9v\n", "Zm 9", "Zm-_",
      "Zm9vYg=\u{3D}=",
      "Zg==Zg==", "=Zm9",
    ])
  func refuses(_ encoded: String) {
    #expect(Base64.decoded(bytes(encoded)) == nil)
  }

  @Test("the scheme's case does not count, what follows one space is kept as it is")
  func schemes() {
    #expect(AuthorizationHeader(bytes("bAsIc Zg==")) == .basic(bytes("Zg==")))
    #expect(AuthorizationHeader(bytes("BEARER  a ")) == .bearer(bytes(" a ")))
    #expect(AuthorizationHeader(bytes("Bearer")) == .bearer([]))
    #expect(AuthorizationHeader(bytes("Digest x")) == .other)
    #expect(AuthorizationHeader([]) == .other)
  }

  @Test(
    "both halves are form-decoded after base 64",
    arguments: [
      ("YTpi", "a", "b"), ("YTo=", "a", ""), ("YTpiOmM=", "a", "b:c"),
      // "a%3Ab:c+d%25"
      ("YSUzQWI6YytkJTI1", "a:b", "c d%"),
    ])
  func credentials(_ encoded: String, _ user: String, _ password: String) {
    let found = AuthorizationHeader.basicCredentials(bytes(encoded))
    #expect(text(found?.user) == user && text(found?.password) == password)
  }

  // No colon; an empty id; "a%:b"; no base 64.
  @Test("credentials that are none", arguments: ["YWI=", "OmI=", "YSU6Yg==", "%%%", ""])
  func noCredentials(_ encoded: String) {
    #expect(AuthorizationHeader.basicCredentials(bytes(encoded)) == nil)
  }
}
