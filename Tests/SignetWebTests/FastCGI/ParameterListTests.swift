import Testing

@testable import signetweb

@Suite("Parameter list")
struct ParameterListTests {
  @Test("lengths of one and of four bytes", arguments: [0, 1, 127, 128, 255, 256, 60_000])
  func lengths(_ count: Int) throws {
    let value = [UInt8](repeating: 0x61, count: count)
    let list = try ParameterList(
      FastCGIText.pair("N", value) + FastCGIText.pair(String(repeating: "n", count: 200), []))
    #expect(list.entries.map(\.value.count) == [count, 0])
    #expect(list.entries[1].name.count == 200)
    #expect(try list.one("N") == value)
  }

  @Test("a four-byte length may say a small number too")
  func longFormOfASmallNumber() throws {
    let list = try ParameterList([0x80, 0, 0, 1, 1, 0x41, 0x42])
    #expect(list.entries == [.init(name: [0x41], value: [0x42])])
  }

  @Test("a stream cut anywhere within a pair is refused")
  func cut() throws {
    let whole = FastCGIText.pair("NAME", [UInt8](repeating: 1, count: 130))
    for count in 1..<whole.count {
      #expect(throws: ParameterList.Fault.self, "\(count) bytes") {
        try ParameterList(Array(whole[..<count]))
      }
    }
  }

  @Test(
    "lengths beyond the stream are refused, and add up nowhere",
    arguments: [
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0x7F],
      [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0x41],
      [0x80], [0x80, 0, 0], [0x01],
    ] as [[UInt8]])
  func beyond(_ stream: [UInt8]) {
    #expect(throws: ParameterList.Fault.self) { try ParameterList(stream) }
  }

  @Test("more parameters than the limit are refused")
  func tooMany() throws {
    let pair = FastCGIText.pair("a", [])
    let most = Array(repeatElement(pair, count: WebLimits.parameterCount).joined())
    #expect(try ParameterList(most).entries.count == WebLimits.parameterCount)
    #expect(throws: ParameterList.Fault.self) { try ParameterList(most + pair) }
  }

  @Test("one that is there twice is a fault, also with the same value; case makes another name")
  func twice() throws {
    let list = try ParameterList(
      FastCGIText.pairs([("A", "1"), ("A", "1"), ("B", "2"), ("b", "3")]))
    #expect(throws: ParameterList.Fault.self) { try list.one("A") }
    #expect(try list.one("B") == bytes("2"))
    #expect(try list.one("C") == nil)
  }
}
