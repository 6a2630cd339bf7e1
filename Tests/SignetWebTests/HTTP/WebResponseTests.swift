import Testing

@testable import signetweb

@Suite("Response")
struct WebResponseTests {
  @Test(
    "a header that could be split makes the whole answer a 500",
    arguments: [
      "a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "a\0b", "\u{7F}", "\u{1B}[2J",
    ])
  func splitting(_ value: String) {
    let output = CGIOutput.bytes(.seeOther(bytes("https://a/?" + value)), isHead: false)
    let written = String(decoding: output, as: UTF8.self)
    #expect(written.hasPrefix("Status: 500 ") && !written.contains("https://a"))
  }

  @Test("status, headers, length and body; a HEAD without length and body")
  func form() {
    var response = WebResponse(status: 200, contentType: "text/plain", body: bytes("hello"))
    response.set("X-A", "1")
    response.set("X-A", "2")
    let head = "Status: 200 OK\r\nContent-Type: text/plain\r\nX-A: 2\r\n"
    #expect(
      text(CGIOutput.bytes(response, isHead: false)) == head + "Content-Length: 5\r\n\r\nhello")
    #expect(text(CGIOutput.bytes(response, isHead: true)) == head + "\r\n")
  }
}
