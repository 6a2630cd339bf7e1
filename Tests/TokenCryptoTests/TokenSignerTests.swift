import Testing

@testable import TokenCrypto

@Suite("Token signer")
struct TokenSignerTests {
  private let access = UInt8(ascii: "a")

  private func signer(_ keys: [TokenKey]) throws -> TokenSigner {
    TokenSigner(try TokenKeyset(root: TestKeys.root(), keys: keys, generation: 3))
  }

  private var key7: TokenKey { TokenKey(keyID: 7, salt: TestKeys.salt(), state: .primary) }

  /// Made with OpenSSL's program (kind 61, version 01, key id 07, then the id's words):
  ///
  ///     ROOT=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
  ///     KEY=$(openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:$ROOT \
  ///       -kdfopt hexsalt:a0a1a2a3a4a5a6a7a8a9aaabacadaeaf \
  ///       -kdfopt info:signet/token/v1 HKDF | tr -d ':\n')
  ///     printf '610107efcdab89674523011032547698badcfe' | xxd -r -p |
  ///       openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY
  @Test func tagIsWhatTheOpensslProgramComputes() throws {
    let tag = try signer([key7]).sign(kind: access, keyID: 7, id: TestKeys.id)
    #expect(tag?.bytes == hex("30e6a35269d62120474c9955adcefee2"))
  }

  @Test func whatWasSignedIsAuthentic() throws {
    let signer = try signer([key7])
    for kind in "arc".utf8 {
      let tag = try sample(signer, kind: kind)
      #expect(signer.verify(kind: kind, keyID: 7, id: TestKeys.id, tag: tag) == .authentic)
    }
  }

  @Test func everyBitOfTheTagCounts() throws {
    let signer = try signer([key7])
    let tag = try sample(signer, kind: access)
    for bit in 0..<128 {
      let bad = flipped(tag, bit)
      #expect(signer.verify(kind: access, keyID: 7, id: TestKeys.id, tag: bad) == .forged)
    }
  }

  @Test func everyBitOfTheIDCounts() throws {
    let signer = try signer([key7])
    let tag = try sample(signer, kind: access)
    for bit in 0..<128 {
      let id = flipped(TestKeys.id, bit)
      #expect(signer.verify(kind: access, keyID: 7, id: id, tag: tag) == .forged)
    }
  }

  @Test func anotherKindIsForged() throws {
    let signer = try signer([key7])
    let tag = try sample(signer, kind: access)
    for kind in UInt8.min...UInt8.max where kind != access {
      #expect(signer.verify(kind: kind, keyID: 7, id: TestKeys.id, tag: tag) == .forged)
    }
  }

  @Test func anotherKeyIDWithTheSameSaltIsForged() throws {
    let signer = try signer([
      key7, TokenKey(keyID: 8, salt: TestKeys.salt(), state: .verifyOnly),
    ])
    let tag = try sample(signer, kind: access)
    #expect(signer.verify(kind: access, keyID: 8, id: TestKeys.id, tag: tag) == .forged)
  }

  @Test func wordsOfTheIDSwappedAreForged() throws {
    let signer = try signer([key7])
    let tag = try sample(signer, kind: access)
    let id = Block128(word0: TestKeys.id.word1, word1: TestKeys.id.word0)
    #expect(signer.verify(kind: access, keyID: 7, id: id, tag: tag) == .forged)
  }

  @Test func everyKeyIDThatNamesNoKeyIsUnknown() throws {
    let signer = try signer([key7])
    let tag = try sample(signer, kind: access)
    for keyID in UInt8.min...UInt8.max where keyID != 7 {
      #expect(
        signer.verify(kind: access, keyID: keyID, id: TestKeys.id, tag: tag) == .unknownKey)
      #expect(signer.sign(kind: access, keyID: keyID, id: TestKeys.id) == nil)
    }
  }

  @Test func aRetiredKeyIsUnknownEvenForATagItMade() throws {
    let before = try signer([key7])
    let tag = try sample(before, kind: access)
    let after = try signer([
      TokenKey(keyID: 7, salt: TestKeys.salt(), state: .retired),
      TokenKey(keyID: 8, salt: TestKeys.salt(0x10), state: .primary),
    ])
    #expect(after.verify(kind: access, keyID: 7, id: TestKeys.id, tag: tag) == .unknownKey)
    #expect(after.sign(kind: access, keyID: 7, id: TestKeys.id) == nil)
  }

  @Test func aVerifyOnlyKeyVerifiesAndSignsReplays() throws {
    let before = try signer([key7])
    let tag = try sample(before, kind: access)
    let after = try signer([
      TokenKey(keyID: 7, salt: TestKeys.salt(), state: .verifyOnly),
      TokenKey(keyID: 8, salt: TestKeys.salt(0x10), state: .primary),
    ])
    #expect(after.primaryKeyID == 8)
    #expect(after.verify(kind: access, keyID: 7, id: TestKeys.id, tag: tag) == .authentic)
    #expect(after.sign(kind: access, keyID: 7, id: TestKeys.id) == tag)
  }

  @Test func anotherRootOrSaltIsForged() throws {
    let tag = try sample(try signer([key7]), kind: access)
    let resalted = try signer([TokenKey(keyID: 7, salt: TestKeys.salt(0xA1), state: .primary)])
    #expect(resalted.verify(kind: access, keyID: 7, id: TestKeys.id, tag: tag) == .forged)
    let copied = RootKey(copying: [UInt8](repeating: 9, count: 32))
    let root = try #require(copied)
    let rerooted = TokenSigner(try TokenKeyset(root: root, keys: [key7], generation: 1))
    #expect(rerooted.verify(kind: access, keyID: 7, id: TestKeys.id, tag: tag) == .forged)
  }

  @Test func theSignerOutlivesItsCallersHoldOnTheKeyset() throws {
    let signer = try signer([key7])
    #expect(signer.generation == 3)
    #expect(signer.sign(kind: access, keyID: 7, id: TestKeys.id) != nil)
  }

  /// The tag of the sample id under key 7.
  private func sample(_ signer: borrowing TokenSigner, kind: UInt8) throws -> Block128 {
    let tag = signer.sign(kind: kind, keyID: 7, id: TestKeys.id)
    return try #require(tag)
  }

  private func flipped(_ block: Block128, _ bit: Int) -> Block128 {
    bit < 64
      ? Block128(word0: block.word0 ^ (1 << UInt64(bit)), word1: block.word1)
      : Block128(word0: block.word0, word1: block.word1 ^ (1 << UInt64(bit - 64)))
  }
}
