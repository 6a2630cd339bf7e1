import Testing

@testable import TokenWire

private typealias Samples = TokenTextSamples

@Suite("Token text: what it spells")
struct TokenTextTests {
  @Test func accessTokenParsesToItsFields() throws {
    #expect(try TokenText.parse(Array(Samples.access.utf8)) == Samples.accessToken)
  }

  @Test func refreshTokenWithGreatestKeyIDAndWordParses() throws {
    let token = try TokenText.parse(Array(Samples.refresh.utf8))
    #expect(
      token
        == ParsedToken(
          kind: .refreshToken, keyID: 255, idWord0: 0, idWord1: 1, tagWord0: .max, tagWord1: 0))
  }

  @Test func codeOfZerosParses() throws {
    let token = try TokenText.parse(Array(Samples.code.utf8))
    #expect(
      token
        == ParsedToken(
          kind: .authorizationCode, keyID: 0, idWord0: 0, idWord1: 0, tagWord0: 0, tagWord1: 0))
  }

  @Test func clientSecretParsesToFourWords() throws {
    let secret = try TokenText.parseClientSecret(Array(Samples.secret.utf8))
    #expect(
      secret
        == ParsedClientSecret(
          word0: Samples.word0, word1: Samples.word1, word2: Samples.word2, word3: Samples.word3))
  }

  @Test func referencesParseToTwoWords() throws {
    let accessor = try TokenText.parseReference(Array(Samples.accessor.utf8), kind: .accessor)
    let grant = try TokenText.parseReference(Array(Samples.grant.utf8), kind: .grantReference)
    #expect(
      accessor == ParsedReference(kind: .accessor, word0: Samples.word0, word1: Samples.word1))
    #expect(
      grant == ParsedReference(kind: .grantReference, word0: Samples.word2, word1: Samples.word3))
  }

  @Test func writingWhatWasParsedGivesTheSameBytes() throws {
    for (kind, text) in Samples.all {
      let bytes = Array(text.utf8)
      #expect(bytes.count == kind.textLength)
      #expect(Array(bytes.prefix(4)) == kind.prefix)
      switch kind {
      case .accessToken, .refreshToken, .authorizationCode:
        #expect(TokenText.bytes(try TokenText.parse(bytes)) == bytes)
      case .clientSecret:
        #expect(TokenText.bytes(try TokenText.parseClientSecret(bytes)) == bytes)
      case .accessor, .grantReference:
        #expect(TokenText.bytes(try TokenText.parseReference(bytes, kind: kind)) == bytes)
      }
    }
  }

  @Test func valuesAboutEveryDigitBoundaryComeBack() throws {
    var values: [UInt64] = [0, 1, .max, .max - 1, 0x0102_0304_0506_0708]
    var power: UInt64 = 1
    for _ in 0..<10 {
      power *= 62
      values += [power - 1, power, power + 1]
    }
    for (index, value) in values.enumerated() {
      let other = values[(index + 7) % values.count]
      let token = ParsedToken(
        kind: .refreshToken, keyID: UInt8(index), idWord0: value, idWord1: other,
        tagWord0: ~value, tagWord1: ~other)
      #expect(try TokenText.parse(TokenText.bytes(token)) == token)
    }
  }

  @Test func writeLeavesTheRestOfALongerBufferAlone() {
    var buffer = [UInt8](repeating: 0xEE, count: 64)
    let count = unsafe buffer.withUnsafeMutableBytes { raw in
      unsafe TokenText.write(Samples.accessToken, into: raw)
    }
    #expect(count == 57)
    #expect(buffer[..<57].elementsEqual(Samples.access.utf8))
    #expect(buffer[57...].allSatisfy { $0 == 0xEE })
  }

  @Test func writeIntoAShorterBufferTraps() async {
    await #expect(processExitsWith: .failure) {
      var buffer = [UInt8](repeating: 0, count: 56)
      _ = unsafe buffer.withUnsafeMutableBytes { raw in
        unsafe TokenText.write(TokenTextSamples.accessToken, into: raw)
      }
    }
  }

  @Test func writeOfASignedTextForAnUnsignedKindTraps() async {
    await #expect(processExitsWith: .failure) {
      var token = TokenTextSamples.accessToken
      token.kind = .clientSecret
      _ = TokenText.bytes(token)
    }
  }

  @Test func theMACBytesAreTheThirdLettersOfThePrefixes() {
    #expect(TokenKind.allCases.map(\.macByte) == Array("arcsxg".utf8))
    #expect(TokenKind.allCases.filter(\.isSigned).count == 3)
  }

  @Test func checksumStartsAreTheRegistersAfterThreeBytesOfPrefix() {
    for kind in TokenKind.allCases {
      #expect(~kind.checksumStart == CRC32.checksum(Array(kind.prefix.prefix(3)).span))
    }
  }
}
