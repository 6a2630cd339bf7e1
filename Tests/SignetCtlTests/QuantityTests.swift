import Testing
import TokenWire

@testable import signetctl

@Suite struct QuantityTests {
  @Test(arguments: [
    (0 as UInt64, "1970-01-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
    (1_796_133_769_999, "2026-12-01T14:02:49Z"), (4_107_542_399_000, "2100-02-28T23:59:59Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00Z"), (253_402_300_799_000, "9999-12-31T23:59:59Z"),
  ])
  func timesAreISO8601(millis: UInt64, text: String) throws {
    #expect(timeText(millis: millis) == text)
    #expect(try Quantities.time(text) == millis / 1_000 * 1_000)
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00", "2026-1-1", "1969-12-31", "yesterday", "", "2026-04-31",
  ])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(throws: CommandError.self) { try Quantities.time(text) }
  }

  @Test func nowAndMillisecondsAndDates() throws {
    #expect(try Quantities.time("now") == 0)
    #expect(try Quantities.time("1700000000123") == 1_700_000_000_123)
    #expect(try Quantities.time("1970-01-02") == 86_400_000)
  }

  @Test(arguments: [
    ("90", 90 as UInt32), ("90s", 90), ("30m", 1_800), ("2h", 7_200), ("30d", 2_592_000), ("0", 0),
  ])
  func durations(text: String, seconds: UInt32) throws {
    #expect(try Quantities.seconds(text, "x") == seconds)
  }

  @Test(arguments: ["", "h", "-1", "1.5h", "4294967296", "99999999999999999999d", "50000d", "1 h"])
  func whatIsNoDurationIsRefused(text: String) {
    #expect(throws: CommandError.self) { try Quantities.seconds(text, "x") }
  }

  @Test(arguments: [
    (0 as UInt64, "0s"), (45, "45s"), (3_600, "1h"), (5_400, "1h 30m"), (2_592_000, "30d"),
    (90_061, "1d 1h"),
  ])
  func durationsInWords(seconds: UInt64, text: String) {
    #expect(durationText(seconds: seconds) == text)
  }

  @Test func keysAreHex() throws {
    let key = try Quantities.key("000102030405060708090A0b0c0d0e0f")
    #expect(key.bytes == Array(0..<16))
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64OfRFC4648(plain: String, text: String) {
    #expect(Base64URL.encode(Array(plain.utf8)) == text)
    #expect(Base64URL.decode(Array(text.utf8)) == Array(plain.utf8))
  }

  @Test func base64UsesTheURLAlphabet() {
    #expect(Base64URL.encode([0xFB, 0xEF, 0xFF]) == "--__")
    #expect(Base64URL.decode(Array("--__".utf8)) == [0xFB, 0xEF, 0xFF])
  }

  @Test(arguments: ["Z", "Zg=", "Zg==", "Zh", "Zm9", "a+b/", "Zm 9", "Zm9v\n"])
  func otherSpellingsOfBase64AreRefused(text: String) {
    #expect(Base64URL.decode(Array(text.utf8)) == nil)
  }
}
