import Testing

@testable import TokenCrypto

/// Keys of one purpose each; every expected value was made with the `openssl` program:
///
///     key() { openssl kdf -keylen $2 -kdfopt digest:SHA256 -kdfopt hexkey:$ROOT \
///       -kdfopt info:signet/$1/v1 HKDF | tr -d ':\n'; }        # key ticket 32
///     mac() { xxd -r -p | openssl dgst -sha256 -mac HMAC -macopt hexkey:$1; }
@Suite("Derived keys")
struct DerivedKeyTests {
  @Test func keysOfThePurposesAreWhatTheOpensslProgramDerives() {
    let expected: [(KeyPurpose, String)] = [
      (.accessor, "881ba2517eebe9932a5d2a63f1032584"),
      (.ticket, "bc7ea144dac28ff5fb221da7e1ff01006ce044abc6a632209e1b3c8eea8270d3"),
      (.derive, "44733c65362a90681487b49d323a6bdcddef096f89b19a93242747d998c96343"),
    ]
    let root = TestKeys.root()
    for (purpose, value) in expected {
      let key = root.key(for: purpose)
      #expect(unsafe [UInt8](key.bytes) == hex(value))
    }
    #expect(expected.count == KeyPurpose.allCases.count)
  }

  @Test func tokenKeyIsWhatTheOpensslProgramDerives() {
    let key = TestKeys.root().tokenKey(salt: TestKeys.salt())
    let expected = hex("f3f3431f9c8f2a8e8d4fc3b59c01a45b34cf51aa5ccd3a0b5877f8c91b9d01b3")
    #expect(unsafe [UInt8](key.bytes) == expected)
  }

  /// printf efcdab89674523011032547698badcfe | xxd -r -p |
  ///   openssl enc -aes-128-ecb -nopad -K $(key accessor 16) | xxd -p
  @Test func accessorIsWhatTheOpensslProgramEnciphers() {
    var cipher = AccessorCipher(TestKeys.root())
    let accessor = cipher.accessor(ofID: TestKeys.id)
    #expect(accessor.bytes == hex("4ff4020bb2554508b748b26d6fb4be60"))
    #expect(cipher.id(ofAccessor: accessor) == TestKeys.id)
  }

  @Test func accessorsComeBackToTheirIDsInAnyOrder() {
    var cipher = AccessorCipher(TestKeys.root())
    var pool = EntropyPool()
    let ids = (0..<50).map { _ in pool.block128() }
    let accessors = ids.map { cipher.accessor(ofID: $0) }
    #expect(Set(accessors).count == ids.count)
    #expect(accessors.reversed().map { cipher.id(ofAccessor: $0) } == ids.reversed())
  }

  /// printf 000102030405060708090a0b0c0d0e0f0300000001 | mac $(key derive 32)   # 02 for a secret
  @Test func derivedIDsAndSecretsAreWhatTheOpensslProgramComputes() {
    let entropy = DerivedEntropy(TestKeys.root())
    let seed = TestKeys.salt(0)
    #expect(
      entropy.id(seed: seed, counter: 3).bytes == hex("94e177faea27f123de801c30d8a5a4f2"))
    #expect(
      entropy.secret(seed: seed, counter: 3).bytes
        == hex("e3885a8cd69bd2e73a08ca2e86b2fb4a1276687ac7a016c8c5ff785fd15ce8d1"))
  }

  @Test func derivedValuesRepeatAndDifferBySeedCounterAndPurpose() {
    let entropy = DerivedEntropy(TestKeys.root())
    var values: Set<Block128> = []
    for seed in [TestKeys.salt(0), TestKeys.salt(1)] {
      for counter in [0, 1, 255, 256, 65_536, .max] as [UInt32] {
        let id = entropy.id(seed: seed, counter: counter)
        #expect(id == entropy.id(seed: seed, counter: counter))
        values.insert(id)
        values.insert(entropy.secret(seed: seed, counter: counter).firstHalf)
      }
    }
    #expect(values.count == 24)
  }

  @Test func aRootKeyOfAnyOtherLengthIsRefused() {
    for count in 0...64 where count != 32 {
      #expect(RootKey(copying: [UInt8](repeating: 1, count: count)) == nil)
    }
  }

  @Test func aRootKeyLendsTheBytesItWasMadeFrom() {
    let bytes = TestKeys.root().withBytes { span in span.indices.map { span[$0] } }
    #expect(bytes == hex(TestKeys.rootHex))
  }

  @Test func newRootKeysDiffer() {
    var pool = EntropyPool()
    let first = RootKey(from: &pool).withBytes { span in span.indices.map { span[$0] } }
    let second = RootKey(from: &pool).withBytes { span in span.indices.map { span[$0] } }
    #expect(first != second)
    #expect(first.contains { $0 != 0 })
  }
}
