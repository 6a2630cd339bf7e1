internal import TokenCrypto

/// The file `UNFINISHED`: a new journal lies ready in `replacement.tmp/` and is to take the place
/// of what is here. While it is there nothing starts, and the same work can be asked for again.
struct ReplacementMark: Equatable, Sendable {
  /// Of the new journal.
  var instance: Block128
  var step: Step
  /// Of the directory that old files go to; the digits of its name.
  var quarantineSeconds: UInt64

  enum Step: UInt32, Sendable {
    /// Old files are on their way into the quarantine.
    case movingOut = 1
    /// There is no old file left; new ones are on their way in.
    case movingIn = 2
  }

  static let magic: UInt32 = 0x554A_6753  // "SgJU"

  var quarantineName: String { JournalNames.quarantineDirectory(seconds: quarantineSeconds) }

  init(instance: Block128, step: Step, quarantineSeconds: UInt64) {
    self.instance = instance
    self.step = step
    self.quarantineSeconds = quarantineSeconds
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    quarantineSeconds = bytes.u64(at: SingleBlock.fieldsOffset)
    guard let step = Step(rawValue: bytes.u32(at: SingleBlock.fieldsOffset + 8)) else {
      throw .otherKind
    }
    self.step = step
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(u64: quarantineSeconds)
    fields.append(u32: step.rawValue)
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }
}
