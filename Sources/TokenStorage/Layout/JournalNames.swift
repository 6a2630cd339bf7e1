internal import TokenCrypto

/// The names of the journal's files.
enum JournalNames {
  static let format = "FORMAT"
  static let witness = "witness"
  static let reserve = "reserve.j"
  /// What is being made and not in use yet; deleted at a start, never read.
  static let preparedSegment = "prepared.tmp"
  static let preparedReserve = "reserve.tmp"
  static let preparedFormat = "FORMAT.tmp"

  /// `seg-<16 hex digits of the first position>-<8 of the nonce>.j`: sorted by name, segments are
  /// in their order.
  static func segment(firstPosition: UInt64, nonce: Block128) -> String {
    "seg-" + hex(firstPosition, digits: 16) + "-"
      + hex(nonce.word0 & 0xFFFF_FFFF, digits: 8) + ".j"
  }

  /// Whether a name claims to be one of the journal's segments.
  static func isSegment(_ name: String) -> Bool {
    name == reserve || name.utf8.starts(with: "seg-".utf8)
      || name.hasSuffix(".j")
  }

  static func isTemporary(_ name: String) -> Bool { name.hasSuffix(".tmp") }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
