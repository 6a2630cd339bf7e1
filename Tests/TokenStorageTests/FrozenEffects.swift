import TokenCrypto

/// CRC-32C of the encoded samples of seed 2026, type by type, as first released.
enum FrozenEffects {
  static let checksums: [UInt32] = []

  static func checksum(_ bytes: [UInt8]) -> UInt32 { CRC32C.checksum(bytes) }
}
