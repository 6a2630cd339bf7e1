internal import TokenCore
public import TokenCrypto

/// The first block of a snapshot: what it is of, and how the arena was laid out that it came from.
/// See proto-spec/snapshot.md.
struct SnapshotHeader: Equatable, Sendable {
  var instance: Block128
  var nonce: Block128
  var position: UInt64
  var wallMillis: UInt64
  /// The last batch known to be at or before the position, and its tag; 0 = not known.
  var mark = SnapshotMark(batchNumber: 0, tag: .zero)
  var pageCount: Int
  var limits: ArenaLimits
  /// Of each table, in the order of `TableUse.names`.
  var highWaters: [Int]

  static let magic: UInt32 = 0x5053_6753  // "SgSP"

  init(
    instance: Block128, nonce: Block128, position: UInt64, wallMillis: UInt64,
    mark: SnapshotMark, pageCount: Int, limits: ArenaLimits, highWaters: [Int]
  ) {
    self.instance = instance
    self.nonce = nonce
    self.position = position
    self.wallMillis = wallMillis
    self.mark = mark
    self.pageCount = pageCount
    self.limits = limits
    self.highWaters = highWaters
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    nonce = bytes.block(at: 24)
    position = bytes.u64(at: 40)
    wallMillis = bytes.u64(at: 48)
    mark = SnapshotMark(batchNumber: bytes.u64(at: 56), tag: bytes.block(at: 64))
    guard bytes.u32(at: 84) == UInt32(ArenaLayout.pageBytes),
      bytes.u32(at: 136) == UInt32(RecordKind.allCases.count),
      bytes.u32(at: 140) == UInt32(TableUse.names.count)
    else { throw .newer(UInt16(truncatingIfNeeded: bytes.u32(at: 80))) }
    pageCount = Int(clamping: bytes.u64(at: 88))
    func number(_ index: Int) -> Int { Int(clamping: bytes.u64(at: 96 + 8 * index)) }
    limits = ArenaLimits(
      tokenCapacity: number(0), scopeSetCapacity: number(1), scopeSetMaxBytes: number(2),
      audienceCapacity: number(3), audienceMaxBytes: number(4))
    for kind in RecordKind.allCases {
      limits[kind] = RecordLimits(
        capacity: number(6 + 2 * kind.rawValue), strideBytes: number(7 + 2 * kind.rawValue))
    }
    guard limits.formatVersion == bytes.u32(at: 80) else {
      throw .newer(UInt16(truncatingIfNeeded: bytes.u32(at: 80)))
    }
    let first = 6 + 2 * RecordKind.allCases.count
    highWaters = TableUse.names.indices.map { number(first + $0) }
  }

  /// Why no version writes these numbers, for a message; nil where one can have. Nothing is laid
  /// out or reserved by them before.
  var fault: String? {
    if let fault = limits.fault { return "the header's sizes are no tables': \(fault)" }
    let times = [position, wallMillis, mark.batchNumber]
    guard times.allSatisfy({ $0 <= Limits.numberMax }) else {
      return "a position, a time or a batch's number in the header is impossible"
    }
    for table in Table.allCases where highWaters[table.rawValue] > limits.capacity(table) {
      return "the header's highest row of the table \(table.name) is beyond its size"
    }
    let pageCountMax = ArenaLayout(limits).durableByteCount / ArenaLayout.pageBytes
    return pageCount > pageCountMax ? "the header says more pages than the tables have" : nil
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(block: nonce)
    fields.append(u64: position)
    fields.append(u64: wallMillis)
    fields.append(u64: mark.batchNumber)
    fields.append(block: mark.tag)
    fields.append(u32: limits.formatVersion)
    fields.append(u32: UInt32(ArenaLayout.pageBytes))
    fields.append(u64: UInt64(pageCount))
    let numbers = [
      limits.tokenCapacity, limits.scopeSetCapacity, limits.scopeSetMaxBytes,
      limits.audienceCapacity, limits.audienceMaxBytes,
    ]
    for number in numbers { fields.append(u64: UInt64(number)) }
    fields.append(u32: UInt32(RecordKind.allCases.count))
    fields.append(u32: UInt32(TableUse.names.count))
    for kind in RecordKind.allCases {
      fields.append(u64: UInt64(limits[kind].capacity))
      fields.append(u64: UInt64(limits[kind].strideBytes))
    }
    for highWater in highWaters { fields.append(u64: UInt64(highWater)) }
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }
}

/// A batch of the journal, by which a snapshot and a journal are held against each other.
public struct SnapshotMark: Equatable, Sendable {
  public var batchNumber: UInt64
  public var tag: Block128

  public init(batchNumber: UInt64, tag: Block128) {
    self.batchNumber = batchNumber
    self.tag = tag
  }
}
