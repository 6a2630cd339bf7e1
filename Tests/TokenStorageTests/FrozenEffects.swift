import TokenCrypto

/// CRC-32C of the encoded samples of seed 2026, type by type, as first released.
enum FrozenEffects {
  static let checksums: [UInt32] = [
    0xc2a9_cd65, 0x4ed8_e85f, 0xab2a_06f1, 0xc572_0427, 0xfba6_63ee,
    0xf8cc_b099, 0xefd6_75cb, 0xd697_5a8d, 0x2964_714e, 0x449b_9e45,
    0x7fd0_d9aa, 0xc5e2_2952, 0xca9b_67b2, 0x457d_bbfa, 0xaab0_a5bb,
    0x8b72_8b44, 0x4543_0e68, 0x61f2_c804, 0xae0b_43cf, 0xbfb0_0941,
    0x71be_9e1d, 0x21fb_5f7f, 0x1799_bbb4, 0xb384_a6ba, 0xc0ad_df68,
  ]

  static func checksum(_ bytes: [UInt8]) -> UInt32 { CRC32C.checksum(bytes) }
}
