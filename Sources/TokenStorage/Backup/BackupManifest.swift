internal import TokenCore
public import TokenCrypto

/// The file `MANIFEST` of a backup: which snapshot belongs there, and of what. Written after the
/// snapshot, before the backup gets its name.
public struct BackupManifest: Equatable, Sendable {
  /// The journal that it is of.
  public var instance: Block128
  /// The last commit in it.
  public var position: UInt64
  public var createdAtMillis: UInt64
  public var snapshotByteCount: Int
  public var pageCount: Int
  /// Rows of each table, in the order of `TableUse.names`.
  public var liveCounts: [Int]

  static let name = "MANIFEST"
  static let magic: UInt32 = 0x4D42_6753  // "SgBM"

  /// The one other file of the backup.
  public var snapshotName: String { SnapshotNames.snapshot(position) }

  init(
    instance: Block128, position: UInt64, createdAtMillis: UInt64, snapshotByteCount: Int,
    pageCount: Int, liveCounts: [Int]
  ) {
    self.instance = instance
    self.position = position
    self.createdAtMillis = createdAtMillis
    self.snapshotByteCount = snapshotByteCount
    self.pageCount = pageCount
    self.liveCounts = liveCounts
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    let fields = SingleBlock.fieldsOffset
    position = bytes.u64(at: fields)
    createdAtMillis = bytes.u64(at: fields + 8)
    snapshotByteCount = Int(clamping: bytes.u64(at: fields + 16))
    pageCount = Int(clamping: bytes.u64(at: fields + 24))
    let tables = Int(clamping: bytes.u64(at: fields + 32))
    guard tables == TableUse.names.count else { throw .newer(SingleBlock.version + 1) }
    liveCounts = (0..<tables).map { Int(clamping: bytes.u64(at: fields + 40 + 8 * $0)) }
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(u64: position)
    fields.append(u64: createdAtMillis)
    fields.append(u64: UInt64(snapshotByteCount))
    fields.append(u64: UInt64(pageCount))
    fields.append(u64: UInt64(liveCounts.count))
    for count in liveCounts { fields.append(u64: UInt64(count)) }
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }

  /// The rows of the tables that have any, for people: `tokens 12, apps 3`.
  public var countsText: String {
    zip(TableUse.names, liveCounts).filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
      .joined(separator: ", ")
  }
}
