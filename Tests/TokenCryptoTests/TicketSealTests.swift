import Testing
import TokenCrypto

@Suite("Ticket seal")
struct TicketSealTests {
  /// printf ticket | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(key ticket 32)
  @Test func sealIsThePayloadThenWhatTheOpensslProgramComputes() {
    let sealed = TicketSeal(TestKeys.root()).seal(Array("ticket".utf8))
    let tag = hex("892b8594498da459580771e3d01336e4c6b7213fd524801963a51a67947bfcdd")
    #expect(sealed == Array("ticket".utf8) + tag)
  }

  @Test func whatWasSealedOpens() {
    let seal = TicketSeal(TestKeys.root())
    for count in [0, 1, 31, 32, 33, 55, 56, 64, 500] {
      let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      let sealed = seal.seal(payload)
      #expect(seal.open(sealed) == payload)
      #expect(seal.payloadLength(sealed.span) == count)
    }
  }

  @Test func everyByteChangedIsRefused() {
    let seal = TicketSeal(TestKeys.root())
    let sealed = seal.seal(Array("user=alice client=printer".utf8))
    for index in sealed.indices {
      for change in [0x01, 0x80, 0xFF] as [UInt8] {
        var tampered = sealed
        tampered[index] ^= change
        #expect(seal.open(tampered) == nil)
      }
    }
  }

  @Test func everyTruncationAndExtensionIsRefused() {
    let seal = TicketSeal(TestKeys.root())
    let sealed = seal.seal(Array("user=alice client=printer".utf8))
    for count in 0..<sealed.count { #expect(seal.open(Array(sealed[..<count])) == nil) }
    #expect(seal.open((sealed + [0])) == nil)
    #expect(seal.open(([0] + sealed)) == nil)
  }

  @Test func theSealOfAnotherRootIsRefused() throws {
    let copied = RootKey(copying: [UInt8](repeating: 9, count: 32))
    let other = try #require(copied)
    let sealed = TicketSeal(other).seal(Array("ticket".utf8))
    #expect(TicketSeal(TestKeys.root()).open(sealed) == nil)
  }
}
