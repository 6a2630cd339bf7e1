import Testing

@testable import signetweb

@Suite("Request reading: who and what")
struct RequestReadingTests {
  private let configuration = WebSamples.configuration()

  private func read(
    _ parameters: [(String, String)], _ body: String = ""
  ) throws -> WebRequest {
    try WebRequest(WebSamples.assembled(parameters, body), configuration)
  }

  private let page = ("DOCUMENT_URI", "/console/applications")

  /// Who it is on a page for people.
  private func person(_ name: String) throws -> Person? {
    try read([page, ("SIGNET_USER", name)]).person
  }

  @Test("the person is who the configured parameter names; administrators by configuration")
  func person() throws {
    #expect(try person("alice") == Person(userID: bytes("alice"), isSystemAdmin: false))
    #expect(try person("root") == Person(userID: bytes("root"), isSystemAdmin: true))
    #expect(try person("") == nil && read([page]).person == nil)
    // Byte for byte: another case is another person, and no administrator.
    #expect(try person("Root")?.isSystemAdmin == false)
  }

  @Test(
    "where programs are answered there is no person",
    arguments: ["/oauth/token", "/oauth/register", "/oauth/userinfo", "/x", ""])
  func nobody(_ path: String) throws {
    for name in ["root", "a b"] {
      #expect(try read([("DOCUMENT_URI", path), ("SIGNET_USER", name)]).person == nil)
    }
  }

  @Test(
    "nothing else names a person",
    arguments: [
      "REMOTE_USER", "HTTP_SIGNET_USER", "HTTP_REMOTE_USER", "signet_user", "SIGNET-USER",
      "AUTH_USER",
      "REDIRECT_SIGNET_USER", "SIGNET_USER ",
    ])
  func forged(_ name: String) throws {
    let parameters = [page, (name, "root"), ("HTTP_AUTHORIZATION", "Basic cm9vdDp4")]
    #expect(try read(parameters).person == nil)
  }

  @Test(
    "a parameter that is looked at and is there twice is refused",
    arguments: [
      "SIGNET_USER", "REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH",
      "DOCUMENT_URI",
      "HTTP_AUTHORIZATION",
    ])
  func twice(_ name: String) {
    for (first, second) in [("", "x"), ("x", "x"), ("alice", "root")] {
      #expect(throws: WebRequest.Fault.self) { try read([(name, first), (name, second)]) }
    }
  }

  @Test("an empty Authorization is none: some web servers pass one on for every request")
  func emptyAuthorization() throws {
    #expect(try read([("HTTP_AUTHORIZATION", "")]).authorization == nil)
    #expect(try read([("HTTP_AUTHORIZATION", " ")]).authorization == bytes(" "))
  }

  @Test("one that nobody looks at may be there twice, as careless configurations have it")
  func harmlessTwice() throws {
    _ = try read([("SCRIPT_FILENAME", "/a"), ("SCRIPT_FILENAME", "/b")])
  }

  @Test(
    "a user id is 1 to 128 bytes of 0x21 to 0x7E",
    arguments: [
      "a b", "a\n", "é", String(repeating: "a", count: 129), "\u{7F}", " ",
    ])
  func badUser(_ name: String) throws {
    #expect(throws: WebRequest.Fault.self) { try person(name) }
    #expect(try person(String(repeating: "~", count: 128))?.userID.count == 128)
  }

  @Test(
    "the path by each web server's parameters",
    arguments: [
      ([("DOCUMENT_URI", "/a"), ("SCRIPT_NAME", "/b"), ("REQUEST_URI", "/c")], "/a"),
      (
        [("DOCUMENT_URI", ""), ("SCRIPT_NAME", ""), ("PATH_INFO", "/p"), ("REQUEST_URI", "/c")],
        "/p"
      ),
      ([("SCRIPT_NAME", "/oauth"), ("PATH_INFO", "/token")], "/oauth/token"),
      ([("REQUEST_URI", "/c?d=/e?")], "/c"), ([], ""),
    ] as [([(String, String)], String)])
  func path(_ parameters: [(String, String)], _ path: String) throws {
    #expect(text(try read(parameters).path) == path)
  }

  @Test(
    "a form is only what says so, whatever its case and parameters",
    arguments: [
      ("application/x-www-form-urlencoded", true),
      ("Application/X-WWW-Form-Urlencoded ; charset=UTF-8", true),
      ("application/x-www-form-urlencodedx", false), ("multipart/form-data; boundary=x", false),
      ("text/plain", false), ("", false),
    ])
  func contentType(_ type: String, _ isForm: Bool) throws {
    #expect((try read([("CONTENT_TYPE", type)], "a=1").form != nil) == isForm)
  }

  @Test(
    "a body of another length than declared is refused", arguments: ["2", "4", "-3", "x", "3 "])
  func length(_ declared: String) throws {
    #expect(throws: WebRequest.Fault.self) { try read([("CONTENT_LENGTH", declared)], "abc") }
    #expect(try read([("CONTENT_LENGTH", "3")], "abc").body.count == 3)
    #expect(try read([("CONTENT_LENGTH", "")], "abc").body.count == 3)
  }
}
