internal import LinuxIO

extension RecoveryRefusal {
  static func damaged(
    _ file: String, _ found: String, _ advice: String
  ) -> RecoveryRefusal {
    RecoveryRefusal(reason: .damaged, file: file, offset: nil, found: found, advice: advice)
  }

  static func damaged(
    _ file: String, _ offset: Int, _ found: String, _ advice: String
  ) -> RecoveryRefusal {
    RecoveryRefusal(reason: .damaged, file: file, offset: offset, found: found, advice: advice)
  }

  static func unreadable(_ file: String, _ error: SystemError) -> RecoveryRefusal {
    RecoveryRefusal(
      reason: .unreadable, file: file, offset: nil, found: "cannot be read: \(error)",
      advice: "see what the system's log says of the medium; copy what can be read elsewhere "
        + "before trying again")
  }

  /// A single block that is not usable.
  static func block(
    _ file: String, _ offset: Int, _ what: String, _ fault: BlockFault
  ) -> RecoveryRefusal {
    switch fault {
    case .newer(let version): newer(file, offset, version)
    case .notAuthentic: notAuthentic(file, offset, what)
    case .short(let count):
      damaged(file, offset, "\(what) has \(count) of 4096 bytes", restoreFile)
    case .empty: damaged(file, offset, "\(what) is all zeros", restoreFile)
    case .damaged: damaged(file, offset, "the checksum of \(what) does not fit", restoreFile)
    case .otherKind: damaged(file, offset, "\(what) is a block of another kind", restoreFile)
    }
  }

  /// A batch that is not usable although it had been acknowledged, or may have been.
  static func batch(
    _ file: String, _ offset: Int, _ number: UInt64, _ fault: BatchFault, proof: String
  ) -> RecoveryRefusal {
    switch fault {
    case .newer(let version): newer(file, offset, version)
    case .notAuthentic: notAuthentic(file, offset, "batch \(number)")
    default:
      damaged(
        file, offset, "batch \(number): \(fault.text), and \(proof)",
        "restore a backup, or keep what comes before with --salvage, which revokes every token; "
          + "the files here were left as they are")
    }
  }

  static func notAuthentic(_ file: String, _ offset: Int?, _ what: String) -> RecoveryRefusal {
    RecoveryRefusal(
      reason: .notAuthentic, file: file, offset: offset,
      found: "the checksum of \(what) fits and its MAC does not",
      advice: "start with the root key that this directory was written with; if that is the one, "
        + "somebody edited the file: restore a backup")
  }

  static func newer(_ file: String, _ offset: Int?, _ version: UInt16) -> RecoveryRefusal {
    RecoveryRefusal(
      reason: .newerFormat, file: file, offset: offset,
      found: "written by a later version of this program (\(version))",
      advice: "start that version; nothing here was changed")
  }

  static let earlierClockAdvice =
    "set the clock right; if it is right, start once with --accept-earlier-clock"

  private static let restoreFile = "restore the file from a backup"
}

extension BatchFault {
  /// In a sentence after "batch n: ".
  var text: String {
    switch self {
    case .headerDamaged: "its header is damaged or absent"
    case .payloadDamaged: "the checksum of its text does not fit"
    case .cutOff: "it goes on beyond the end of the file"
    case .outOfOrder(let found, _): "batch \(found) lies in its place"
    case .chainBroken: "it follows another batch than the one before it"
    case .newer(let version): "it is of a later version (\(version))"
    case .notAuthentic: "its MAC does not fit"
    case .unreadable(let why): "it cannot be understood: \(why)"
    }
  }

  /// Whether a single write that was cut short can look like this.
  var mayBeTornWrite: Bool {
    switch self {
    case .headerDamaged, .payloadDamaged, .cutOff: true
    case .outOfOrder, .chainBroken, .newer, .notAuthentic, .unreadable: false
    }
  }
}
