import Testing

@testable import signetweb

@Suite("Field list")
struct FieldListTests {
  @Test("names and values are decoded once; empty parts count for nothing")
  func reads() throws {
    let list = FieldList(formEncoded: bytes("&a=1&&b=%2525+x&c&d==&e=%26&"))
    #expect(try list.one("a") == bytes("1"))
    #expect(try list.one("b") == bytes("%25 x"))
    #expect(try list.one("c") == [])
    #expect(try list.one("d") == bytes("="))
    #expect(try list.one("e") == bytes("&"))
    #expect(try list.one("f") == nil && list.text("f") == [])
    #expect(list.fields.count == 5)
  }

  @Test("a field that is there twice is told, also under another spelling of its name")
  func repeated() throws {
    let list = FieldList(formEncoded: bytes("a=1&%61=2&b=1"))
    #expect(throws: FieldError.repeated("a")) { try list.one("a") }
    #expect(throws: FieldError.repeated("a")) { try list.refuseRepeated() }
    #expect(try list.all("a") == [bytes("1"), bytes("2")])
    #expect(throws: FieldError.misplaced("b")) { try list.refuseAny(["c", "b"]) }
  }

  @Test("text that cannot be decoded makes every access throw")
  func badEncoding() {
    let list = FieldList(formEncoded: bytes("a=1&b=%4"))
    #expect(throws: FieldError.badEncoding) { try list.one("a") }
    #expect(throws: FieldError.badEncoding) { try list.refuseRepeated() }
    #expect(list.fields.isEmpty)
  }

  @Test("counts and lengths have limits")
  func limits() throws {
    let most = (0..<WebLimits.fieldCount).map { "f\($0)=1" }.joined(separator: "&")
    #expect(try FieldList(formEncoded: bytes(most)).one("f0") == bytes("1"))
    #expect(throws: FieldError.tooMany) { try FieldList(formEncoded: bytes(most + "&x")).one("f0") }
    let long = String(repeating: "n", count: WebLimits.fieldNameBytes + 1)
    #expect(throws: FieldError.tooLong) { try FieldList(formEncoded: bytes(long)).one("a") }
    let value = "a=" + String(repeating: "v", count: WebLimits.fieldValueBytes)
    #expect(try FieldList(formEncoded: bytes(value)).text("a").count == WebLimits.fieldValueBytes)
    #expect(throws: FieldError.tooLong) { try FieldList(formEncoded: bytes(value + "v")).one("a") }
  }
}
