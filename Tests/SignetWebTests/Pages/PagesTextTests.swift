import Testing

@testable import signetweb

@Suite("Pages: small texts")
struct PagesTextTests {
  @Test("base64url comes back as it went, at every length")
  func base64() {
    for count in 0...70 {
      let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64URL.decode(Base64URL.encode(value)) == value)
    }
    #expect(string(Base64URL.encode([0xFB, 0xEF, 0xFF])) == "--__")
  }

  @Test(
    "one text, one spelling: others are refused",
    arguments: ["A", "AB", "AAB", "AA==", "A A", "AA+A", "AA/A", "AAA\n"])
  func base64Refuses(_ text: String) {
    #expect(Base64URL.decode(bytes(text)) == nil)
  }

  @Test(
    "days of the calendar",
    arguments: [
      (0, "1970-01-01"), (951_782_400_000, "2000-02-29"), (951_868_800_000, "2000-03-01"),
      (1_709_251_199_999, "2024-02-29"), (1_735_689_599_999, "2024-12-31"),
      (4_107_542_400_000, "2100-03-01"), (1_795_564_800_000, "2026-11-25"),
    ] as [(UInt64, String)])
  func days(_ millis: UInt64, _ day: String) {
    #expect(string(CalendarDate(unixMillis: millis).text) == day)
  }

  @Test("callbacks are lines without the blanks around them; empty ones are none")
  func callbackLines() {
    var form = ApplicationForm()
    form.callbacks = bytes("  https://a/ \r\n\n\t\nhttps://b/\r\n")
    #expect(form.callbackLines.map(string) == ["https://a/", "https://b/"])
  }
}
