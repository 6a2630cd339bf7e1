import Testing

@testable import signetweb

@Suite("Form decoding")
struct FormDecodingTests {
  @Test(
    "plus is a space, %XX a byte in either case, all else itself",
    arguments: [
      ("a+b", "a b"), ("%41%5a%5A", "AZZ"), ("%2B", "+"), ("", ""), ("a%00b", "a\0b"),
      ("-._~", "-._~"),
      ("%25%32%35", "%25"),
    ])
  func decodes(_ text: String, _ expected: String) {
    #expect(FormDecoding.decoded(Array(text.utf8)) == Array(expected.utf8))
  }

  @Test(
    "a percent sign without two hex digits is refused",
    arguments: [
      "%", "%4", "a%", "%G0", "%0G", "%%41", "% 1", "%-1", "%+1",
    ])
  func refuses(_ text: String) {
    #expect(FormDecoding.decoded(Array(text.utf8)) == nil)
  }
}
