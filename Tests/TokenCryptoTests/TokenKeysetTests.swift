import Testing

@testable import TokenCrypto

@Suite("Token keyset")
struct TokenKeysetTests {
  private func key(_ keyID: UInt8, _ state: TokenKeyState) -> TokenKey {
    TokenKey(keyID: keyID, salt: TestKeys.salt(keyID), state: state)
  }

  @Test func withoutAPrimaryKeyThereIsNoKeyset() {
    #expect(throws: TokenKeysetFault.noPrimary) { try TestKeys.keyset([]) }
    #expect(throws: TokenKeysetFault.noPrimary) {
      try TestKeys.keyset([key(1, .verifyOnly), key(2, .retired)])
    }
  }

  @Test func aSecondPrimaryKeyIsRefused() {
    #expect(throws: TokenKeysetFault.secondPrimary(keyID: 2)) {
      try TestKeys.keyset([key(1, .primary), key(2, .primary)])
    }
  }

  @Test func aKeyIDTwiceIsRefused() {
    #expect(throws: TokenKeysetFault.duplicate(keyID: 1)) {
      try TestKeys.keyset([key(1, .primary), key(1, .retired)])
    }
  }

  @Test func all256KeyIDsWork() throws {
    let keys = (0...255).map { key(UInt8($0), $0 == 200 ? .primary : .verifyOnly) }
    let keyset = try TestKeys.keyset(keys)
    #expect(keyset.primaryKeyID == 200)
    let signer = TokenSigner(keyset)
    var tags: Set<Block128> = []
    for keyID in UInt8.min...UInt8.max {
      let made = signer.sign(kind: 0x61, keyID: keyID, id: TestKeys.id)
      let tag = try #require(made)
      #expect(signer.verify(kind: 0x61, keyID: keyID, id: TestKeys.id, tag: tag) == .authentic)
      tags.insert(tag)
    }
    #expect(tags.count == 256)
  }

  @Test func keysBeyondTheLockedHeapStillWork() throws {
    // Forty keysets of 256 keys need more than the 1 MiB of the secure heap.
    let keys = (0...255).map { key(UInt8($0), $0 == 0 ? .primary : .verifyOnly) }
    let keysets = try (0..<40).map { _ in try TestKeys.keyset(keys) }
    let expected = TokenSigner(keysets[0]).sign(kind: 0x61, keyID: 255, id: TestKeys.id)
    for keyset in keysets {
      #expect(TokenSigner(keyset).sign(kind: 0x61, keyID: 255, id: TestKeys.id) == expected)
    }
    #expect(expected != nil)
  }

  @Test func tagsDoNotDependOnTheOrderOfKeys() throws {
    let keys = [key(3, .primary), key(9, .retired), key(200, .verifyOnly), key(0, .verifyOnly)]
    let forward = TokenSigner(try TestKeys.keyset(keys))
    let backward = TokenSigner(try TestKeys.keyset(keys.reversed()))
    for keyID in [0, 3, 200] as [UInt8] {
      #expect(
        forward.sign(kind: 0x72, keyID: keyID, id: TestKeys.id)
          == backward.sign(kind: 0x72, keyID: keyID, id: TestKeys.id))
    }
  }
}
