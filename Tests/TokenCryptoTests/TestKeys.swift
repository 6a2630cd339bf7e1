@testable import TokenCrypto

/// Fixed keys for vectors made with the `openssl` program.
enum TestKeys {
  static let rootHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

  static func root() -> RootKey { RootKey(copying: hex(rootHex))! }

  /// The 16 bytes that count up from `first`.
  static func salt(_ first: UInt8 = 0xA0) -> Block128 {
    Block128(bytes: (0..<16).map { first &+ UInt8($0) })!
  }

  static let id = Block128(word0: 0x0123_4567_89AB_CDEF, word1: 0xFEDC_BA98_7654_3210)

  static func keyset(_ keys: [TokenKey]) throws -> TokenKeyset {
    try TokenKeyset(root: root(), keys: keys, generation: 1)
  }
}
