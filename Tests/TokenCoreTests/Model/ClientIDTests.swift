import Testing

@testable import TokenCore

@Suite struct ClientIDTests {
  @Test func F11_hasTwentySixCharacters() {
    let text = ClientID.text(TokenID(word0: .max, word1: .max))
    #expect(text.count == 26)
    #expect(ClientID.isWellFormed(text))
    #expect(text == Array("h7777777777777777777777777".utf8))
  }

  @Test func everyBitOfTheIdCounts() {
    let zero = ClientID.text(TokenID(word0: 0, word1: 0))
    #expect(zero == Array(repeating: UInt8(ascii: "a"), count: 26))
    var seen: Set<[UInt8]> = [zero]
    for bit in 0..<64 as Range<UInt64> {
      #expect(seen.insert(ClientID.text(TokenID(word0: 1 << bit, word1: 0))).inserted)
      #expect(seen.insert(ClientID.text(TokenID(word0: 0, word1: 1 << bit))).inserted)
    }
  }

  @Test(arguments: ["", "abc", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxy1"])
  func othersAreNoClientIDs(_ text: String) {
    #expect(!ClientID.isWellFormed(Array(text.utf8)))
  }
}
