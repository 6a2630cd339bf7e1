import Testing
import TokenCrypto

/// HKDF-SHA-256 vectors of RFC 5869, appendix A.
@Suite("RFC 5869")
struct RFC5869Tests {
  @Test func case1Basic() {
    let key = HKDF.derive(
      key: [UInt8](repeating: 0x0B, count: 22), salt: hex("000102030405060708090a0b0c"),
      info: hex("f0f1f2f3f4f5f6f7f8f9"), count: 42)
    #expect(
      key
        == hex(
          """
          3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
          34007208d5b887185865
          """))
  }

  @Test func case2LongerInputs() {
    let key = HKDF.derive(
      key: (0x00...0x4F).map { UInt8($0) }, salt: (0x60...0xAF).map { UInt8($0) },
      info: (0xB0...0xFF).map { UInt8($0) }, count: 82)
    #expect(
      key
        == hex(
          """
          b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
          59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
          cc30c58179ec3e87c14c01d5c1f3434f1d87
          """))
  }

  @Test func case3EmptySaltAndInfo() {
    let key = HKDF.derive(
      key: [UInt8](repeating: 0x0B, count: 22), salt: [UInt8](), info: [UInt8](),
      count: 42)
    #expect(
      key
        == hex(
          """
          8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
          9d201395faa4b61a96c8
          """))
  }
}
