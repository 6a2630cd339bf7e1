import Testing

@testable import signetweb

@Suite("JSON")
struct JSONTests {
  @Test("values of every kind")
  func reads() throws {
    let value = try JSONValue(
      bytes(
        #" {"a":["x",{"b":null}],"n":-0.5e+3,"t":true,"f":false,"s":"\u00e9\ud83d\ude00\n\/\\"} "#))
    #expect(value.member("a") == .array([.string(bytes("x")), .object([bytes("b"): .null])]))
    #expect(value.member("n") == .number && value.member("t") == .bool(true))
    #expect(value.member("s") == .string(bytes("é😀\n/\\")))
    #expect(value.member("z") == nil)
    #expect(try JSONValue(bytes("[]")) == .array([]) && JSONValue(bytes("{}")) == .object([:]))
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", " ", "{", "}", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "'a'",
      "tru", "nul",
      "01", "1.", "-", "+1", ".5", "1e", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"",
      "\"\\ud800\\u0041\"", "\"a\tb\"", "\"a\nb\"", "[] []", "{\"a\":1,\"a\":2}", "\u{FEFF}{}",
    ])
  func refuses(_ text: String) {
    #expect(throws: JSONValue.Fault.self) { try JSONValue(bytes(text)) }
  }

  @Test("a text cut anywhere is refused, and what is not UTF-8")
  func cut() {
    let whole = bytes(#"{"a":["xé",{"b":null}],"n":-0.5e+3,"s":"\ud83d\ude00"}"#)
    for count in 0..<whole.count {
      #expect(throws: JSONValue.Fault.self) { try JSONValue(Array(whole[..<count])) }
    }
    #expect(throws: JSONValue.Fault.self) { try JSONValue([0x22, 0xFF, 0x22]) }
  }

  @Test("depth and size are bounded")
  func bounds() throws {
    let nested = { (depth: Int) in
      bytes(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    }
    _ = try JSONValue(nested(WebLimits.jsonDepth + 1))
    #expect(throws: JSONValue.Fault.self) { try JSONValue(nested(WebLimits.jsonDepth + 2)) }
    #expect(throws: JSONValue.Fault.self) { try JSONValue(nested(30_000)) }
    let long = "[" + String(repeating: "1,", count: WebLimits.jsonElements) + "1]"
    #expect(throws: JSONValue.Fault.self) { try JSONValue(bytes(long)) }
  }

  @Test("what is written reads back, whatever it holds")
  func roundTrip() throws {
    let nasty = (0...0x7F).map { UInt8($0) } + bytes("é\u{2028}</script>")
    var writer = JSONWriter()
    writer.add("a", nasty)
    writer.add("b", [nasty, []])
    writer.add("c", true)
    writer.add("d", 18_446_744_073_709_551_615)
    let value = try JSONValue(writer.bytes)
    #expect(value.member("a") == .string(nasty))
    #expect(value.member("b") == .array([.string(nasty), .string([])]))
    #expect(value.member("c") == .bool(true) && value.member("d") == .number)
  }
}
