import Testing

@testable import TokenCrypto

/// HMAC-SHA-256 vectors of RFC 4231, section 4.
@Suite("RFC 4231")
struct RFC4231Tests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let number: Int
    let key: [UInt8]
    let data: [UInt8]
    let tag: String
    var testDescription: String { "case \(number)" }
  }

  static let vectors = [
    Vector(
      number: 1, key: [UInt8](repeating: 0x0B, count: 20), data: Array("Hi There".utf8),
      tag: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      number: 2, key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
      tag: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      number: 3, key: [UInt8](repeating: 0xAA, count: 20),
      data: [UInt8](repeating: 0xDD, count: 50),
      tag: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      number: 4, key: (1...25).map { UInt8($0) }, data: [UInt8](repeating: 0xCD, count: 50),
      tag: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Vector(
      number: 5, key: [UInt8](repeating: 0x0C, count: 20), data: Array("Test With Truncation".utf8),
      tag: "a3b6167473100ee06e0c796c2955552b"),
    Vector(
      number: 6, key: [UInt8](repeating: 0xAA, count: 131),
      data: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      tag: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Vector(
      number: 7, key: [UInt8](repeating: 0xAA, count: 131),
      data: Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      tag: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test(arguments: vectors) func blockFunctionPathAgrees(_ vector: Vector) {
    let expected = hex(vector.tag)
    let tag = HMACSHA256(key: vector.key).tag(vector.data)
    #expect(Array(tag.bytes.prefix(expected.count)) == expected)
  }

  @Test(arguments: vectors) func providerPathAgrees(_ vector: Vector) {
    let expected = hex(vector.tag)
    var mac = ProviderHMAC(key: vector.key.span)
    #expect(Array(mac.tag(vector.data.span).bytes.prefix(expected.count)) == expected)
    // Started again with a null key.
    #expect(Array(mac.tag(vector.data.span).bytes.prefix(expected.count)) == expected)
  }

  @Test func bothPathsAgreeAcrossBlockBoundaries() {
    #expect(CryptoSelfTest.passes())
  }

  @Test func theEmptyMessageHasATag() {
    let tag = HMACSHA256(key: Array("key".utf8)).tag([UInt8]())
    // printf '' | openssl dgst -sha256 -hmac key
    #expect(tag.bytes == hex("5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0"))
  }
}
