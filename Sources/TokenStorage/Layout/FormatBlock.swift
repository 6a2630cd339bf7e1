internal import TokenCrypto

/// The file `FORMAT`: that this directory is a journal, which one, since when. Written once, last
/// of all that makes a new directory.
struct FormatBlock: Equatable, Sendable {
  var instance: Block128
  var createdAtMillis: UInt64

  static let magic: UInt32 = 0x464A_6753  // "SgJF"

  init(instance: Block128, createdAtMillis: UInt64) {
    self.instance = instance
    self.createdAtMillis = createdAtMillis
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    createdAtMillis = bytes.u64(at: SingleBlock.fieldsOffset)
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(u64: createdAtMillis)
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }
}
