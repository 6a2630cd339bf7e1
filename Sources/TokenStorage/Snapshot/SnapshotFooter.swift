internal import TokenCrypto

/// The last block of a snapshot: that it is whole, and how many rows each table holds.
struct SnapshotFooter: Equatable, Sendable {
  var instance: Block128
  var nonce: Block128
  var position: UInt64
  var pageCount: Int
  /// Bytes of the file.
  var byteCount: Int
  /// Of the header and every frame's head, which has the tag of its text.
  var fileMAC: Block128
  /// Of each table, in the order of `TableUse.names`.
  var liveCounts: [Int]

  static let magic: UInt32 = 0x4553_6753  // "SgSE"

  init(
    instance: Block128, nonce: Block128, position: UInt64, pageCount: Int, byteCount: Int,
    fileMAC: Block128, liveCounts: [Int]
  ) {
    self.instance = instance
    self.nonce = nonce
    self.position = position
    self.pageCount = pageCount
    self.byteCount = byteCount
    self.fileMAC = fileMAC
    self.liveCounts = liveCounts
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC, tables: Int) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    nonce = bytes.block(at: 24)
    position = bytes.u64(at: 40)
    pageCount = Int(clamping: bytes.u64(at: 48))
    byteCount = Int(clamping: bytes.u64(at: 56))
    fileMAC = bytes.block(at: 64)
    liveCounts = (0..<tables).map { Int(clamping: bytes.u64(at: 80 + 8 * $0)) }
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(block: nonce)
    fields.append(u64: position)
    fields.append(u64: UInt64(pageCount))
    fields.append(u64: UInt64(byteCount))
    fields.append(block: fileMAC)
    for count in liveCounts { fields.append(u64: UInt64(count)) }
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }
}
