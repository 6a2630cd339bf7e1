import Testing
import TokenWire

private typealias Samples = TokenTextSamples

@Suite("Token text: one token, one spelling")
struct TokenTextRefusalTests {
  @Test func everyByteChangedToEveryOtherByteIsRefused() {
    for (kind, text) in Samples.all {
      let original = Array(text.utf8)
      var accepted: [(Int, UInt8)] = []
      for index in original.indices {
        var bytes = original
        for value in UInt8.min...UInt8.max where value != original[index] {
          bytes[index] = value
          if Samples.fault(kind, bytes) == nil { accepted.append((index, value)) }
        }
      }
      #expect(accepted.isEmpty, "\(kind)")
      #expect(Samples.fault(kind, original) == nil)
    }
  }

  @Test func anyTwoNeighboursSwappedAreRefused() {
    for (kind, text) in Samples.all {
      let original = Array(text.utf8)
      for index in 1..<original.count where original[index] != original[index - 1] {
        var bytes = original
        bytes.swapAt(index, index - 1)
        #expect(Samples.fault(kind, bytes) != nil, "\(kind) at \(index)")
      }
    }
  }

  @Test func lettersInTheOtherCaseAreRefused() {
    for (kind, text) in Samples.all {
      let original = Array(text.utf8)
      for index in original.indices where original[index] >= 0x41 && original[index] != 0x5F {
        var bytes = original
        bytes[index] ^= 0x20
        let fault = Samples.fault(kind, bytes)
        // A raised digit may also carry its field past what fits, which is found first.
        #expect(index < 3 ? fault == .prefix : fault == .checksum || fault == .range)
      }
      #expect(Samples.fault(kind, Array(text.uppercased().utf8)) == .prefix)
    }
  }

  @Test func everyOtherLengthIsRefusedFirst() {
    for (kind, text) in Samples.all {
      let bytes = Array(text.utf8)
      for count in 0..<bytes.count {
        #expect(Samples.fault(kind, Array(bytes[..<count])) == .length)
      }
      for surplus in ["\n", " ", "\r\n", "\0", "=", "0"] {
        #expect(Samples.fault(kind, bytes + surplus.utf8) == .length)
        #expect(Samples.fault(kind, surplus.utf8 + bytes) == .length)
      }
      #expect(Samples.fault(kind, bytes + bytes) == .length)
    }
  }

  @Test func leadingSpaceThatKeepsTheLengthIsRefused() {
    for (kind, text) in Samples.all {
      #expect(Samples.fault(kind, Array((" " + text.dropLast()).utf8)) == .prefix)
      #expect(Samples.fault(kind, Array((text.dropLast() + "\n").utf8)) == .alphabet)
    }
  }

  @Test(arguments: ["-", "+", "/", "_", "=", " ", ".", "\0", "\u{7F}", ":", "@", "[", "`", "{"])
  func charactersBesideTheAlphabetAreRefusedWithAFittingChecksum(_ character: String) {
    for (kind, text) in Samples.all {
      for offset in 4..<text.utf8.count - 6 {
        let bytes = Samples.refitted(text, at: offset, character)
        #expect(Samples.fault(kind, bytes) == .alphabet, "\(kind) at \(offset)")
      }
    }
  }

  @Test(arguments: [
    "\u{FF10}", "\u{FF21}", "\u{0410}", "\u{0391}", "\u{0660}", "\u{0131}", "\u{212A}", "\u{017F}",
    "\u{FE58}", "\u{2010}", "A\u{0301}", "\u{200B}", "\u{FEFF}",
  ])
  func unicodeLookalikesAreRefused(_ lookalike: String) {
    for (kind, text) in Samples.all {
      let inPlace = Samples.refitted(text, at: 8, lookalike)
      #expect(Samples.fault(kind, inPlace) == .alphabet)
      let inserted = Array((text.prefix(8) + lookalike + text.dropFirst(9)).utf8)
      #expect(Samples.fault(kind, inserted) == .length)
    }
  }

  @Test func aPrefixOfAnotherKindIsRefused() {
    for (kind, text) in Samples.all {
      for other in Samples.all where other.kind != kind {
        let bytes = Array((other.text.prefix(4) + text.dropFirst(4)).utf8)
        let expected: TokenTextFault? =
          kind.isSigned && other.kind.isSigned ? nil : .prefix
        #expect(Samples.fault(kind, Samples.refitted(bytes)) == expected)
      }
    }
    for prefix in ["SGA_", "sgA_", "sga-", "sga ", "sgb_", "_sga", "xga_", "sza_"] {
      #expect(
        Samples.fault(.accessToken, Samples.refitted(Samples.access, at: 0, prefix)) == .prefix)
    }
  }

  @Test func accessorAsGrantReferenceIsRefused() {
    #expect(Samples.fault(.grantReference, Array(Samples.accessor.utf8)) == .prefix)
    #expect(Samples.fault(.accessor, Array(Samples.grant.utf8)) == .prefix)
  }

  @Test(arguments: [
    TokenTextSamples.firstTooLarge, "LygHa16AHYz", "Lyh00000000", "M0000000000",
    TokenTextSamples.lastTooLarge,
  ])
  func aWordOfTwoToThe64OrMoreIsRefusedInEveryField(_ digits: String) {
    for (kind, text) in Samples.all {
      let first = kind.isSigned ? 7 : 4
      for offset in stride(from: first, to: text.utf8.count - 6, by: 11) {
        let bytes = Samples.refitted(text, at: offset, digits)
        #expect(Samples.fault(kind, bytes) == .range, "\(kind) at \(offset)")
        let largest = Samples.refitted(text, at: offset, "LygHa16AHYF")
        #expect(Samples.fault(kind, largest) == nil, "\(kind) at \(offset)")
      }
    }
  }

  @Test func theSameWordPlusTwoToThe64IsRefused() {
    // 1 written as 2^64 + 1: what a decoder that wraps would take for the refresh sample.
    let alias = Samples.refitted(Samples.refresh, at: 18, "LygHa16AHYH")
    #expect(Samples.fault(.refreshToken, alias) == .range)
  }

  @Test func aChecksumPlusTwoToThe32IsRefused() {
    for (kind, text) in Samples.all {
      let body = Array(text.utf8.dropLast(6))
      let checksum = UInt64(CRC32.checksum(body.span))
      let aliases: [UInt64] = [checksum + 1 << 32, checksum + 2 << 32, 56_800_235_583]
      for alias in aliases {
        let bytes = body + Samples.digits(alias, count: 6)
        #expect(Samples.fault(kind, bytes) == .range)
      }
    }
  }

  @Test func aKeyFieldOf65536OrMoreIsRefused() {
    for value in [65_536, 65_536 + 263, 131_072 + 263, 238_327] as [UInt64] {
      let digits = String(decoding: Samples.digits(value, count: 3), as: UTF8.self)
      let bytes = Samples.refitted(Samples.access, at: 4, digits)
      #expect(Samples.fault(.accessToken, bytes) == .range)
    }
  }

  @Test func everyOtherVersionIsRefused() {
    for version in 0...255 as ClosedRange<UInt64> where version != 1 {
      let digits = String(decoding: Samples.digits(version << 8 | 7, count: 3), as: UTF8.self)
      let bytes = Samples.refitted(Samples.access, at: 4, digits)
      #expect(Samples.fault(.accessToken, bytes) == .version)
    }
  }

  @Test func everyKeyIDOfVersionOneParses() throws {
    for keyID in 0...255 as ClosedRange<UInt64> {
      let digits = String(decoding: Samples.digits(1 << 8 | keyID, count: 3), as: UTF8.self)
      let token = try TokenText.parse(Samples.refitted(Samples.access, at: 4, digits))
      #expect(UInt64(token.keyID) == keyID)
    }
  }
}

@Suite("Token text: order of checks")
struct TokenTextOrderTests {
  /// A text with all faults; mending the first shows the second, and so on down the list.
  @Test func theFirstFaultInTheNormativeOrderIsReported() {
    var text = Array(("xxx_" + "zz-" + Samples.lastTooLarge + Samples.access.dropFirst(18)).utf8)
    text.append(0x0A)
    #expect(Samples.fault(.accessToken, text) == .length)
    text.removeLast()
    #expect(Samples.fault(.accessToken, text) == .prefix)
    text.replaceSubrange(0..<4, with: "sga_".utf8)
    #expect(Samples.fault(.accessToken, text) == .alphabet)
    text.replaceSubrange(4..<7, with: "000".utf8)
    #expect(Samples.fault(.accessToken, text) == .range)
    text.replaceSubrange(7..<18, with: "00000000000".utf8)
    #expect(Samples.fault(.accessToken, text) == .checksum)
    text = Samples.refitted(text)
    #expect(Samples.fault(.accessToken, text) == .version)
    text = Samples.refitted(String(decoding: text, as: UTF8.self), at: 4, "048")
    #expect(Samples.fault(.accessToken, text) == nil)
  }

  @Test func manyForeignBytesAtOnceAreStillAlphabetFaults() {
    for byte in [0x00, 0x2B, 0x7F, 0x80, 0xFF] as [UInt8] {
      let body = Array("sga_".utf8) + [UInt8](repeating: byte, count: 53)
      #expect(Samples.fault(.accessToken, body) == .alphabet)
    }
  }
}
