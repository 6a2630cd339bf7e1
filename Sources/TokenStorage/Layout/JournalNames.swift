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
  static let preparedQuarantine = "quarantine.tmp"
  /// What is being removed.
  static let removed = "removed.tmp"
  /// What a start removes, finished or not.
  static let removedAtStart = [
    preparedSegment, preparedReserve, preparedFormat, preparedQuarantine, removed,
  ]
  /// Work on the whole directory that was cut short; nothing starts while it is there.
  static let unfinished = "UNFINISHED"
  static let preparedUnfinished = "UNFINISHED.tmp"
  /// The directory in which a whole new journal is made.
  static let replacement = "replacement.tmp"

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

  /// `quarantine-<16 hex digits of the segment's first position>-<8 of its nonce>-<8 of the
  /// offset>.bin`: bytes that a start dropped from a segment.
  static func quarantine(segment: String, offset: Int) -> String {
    let middle = segment.utf8.dropFirst("seg-".utf8.count).dropLast(".j".utf8.count)
    let name = isSegment(segment) && segment != reserve ? String(Substring(middle)) : "reserve"
    return "quarantine-\(name)-\(hex(UInt64(offset), digits: 8)).bin"
  }

  /// The directory that old files go to.
  static func quarantineDirectory(seconds: UInt64) -> String { "quarantine-\(seconds)" }

  /// Whether a new journal in this directory replaces the file.
  static func isReplaced(_ name: String) -> Bool {
    if name == replacement || name == preparedUnfinished { return false }
    return name == format || name == witness || isSegment(name) || isTemporary(name)
      || name.utf8.starts(with: "snap-".utf8)
  }

  /// Whether a name is of what was put aside for people to look at. Never read here.
  static func isQuarantine(_ name: String) -> Bool {
    name.utf8.starts(with: "quarantine-".utf8)
  }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
