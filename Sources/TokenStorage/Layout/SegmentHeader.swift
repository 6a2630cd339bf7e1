internal import TokenCore
internal import TokenCrypto

/// The first block of a segment: which it is, and where exactly the one before it ended.
struct SegmentHeader: Equatable, Sendable {
  var instance: Block128
  /// Random; the salt of the segment's key.
  var nonce: Block128
  /// The number of its first batch.
  var firstBatch: UInt64
  /// The position of its first commit.
  var firstPosition: UInt64
  /// Nonce of the segment before it; zeros for the first of all.
  var previousNonce: Block128
  /// The tag of the last batch before it: the chain goes on from here.
  var previousTag: Block128
  /// Where, in the segment before, the last batch ended. What lies after that was never
  /// durable.
  var previousEnd: UInt64
  /// Bytes of the file, zero-filled and synced before this header was written: a shorter file was
  /// cut by somebody, never by a crash.
  var byteCount: UInt64
  var createdAtMillis: UInt64
  var flags: Flags

  struct Flags: OptionSet, Sendable, Hashable {
    let rawValue: UInt32
    /// The first segment after a start.
    static let afterStart = Flags(rawValue: 1)
    /// It lies in the reserve, written while the disk was full.
    static let reserve = Flags(rawValue: 2)
  }

  static let magic: UInt32 = 0x534A_6753  // "SgJS"

  /// Whether any version writes these numbers.
  var isPossible: Bool {
    let isFirst = previousNonce == .zero
    let isEnd =
      previousEnd % UInt64(journalBlockBytes) == 0
      && (isFirst ? 0...0 : UInt64(journalBlockBytes)...Limits.numberMax) ~= previousEnd
    return isEnd && byteCount <= Limits.numberMax
      && 1...Limits.numberMax ~= firstBatch && 1...Limits.numberMax ~= firstPosition
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(block: nonce)
    fields.append(u64: firstBatch)
    fields.append(u64: firstPosition)
    fields.append(block: previousNonce)
    fields.append(block: previousTag)
    fields.append(u64: previousEnd)
    fields.append(u64: byteCount)
    fields.append(u64: createdAtMillis)
    fields.append(u32: flags.rawValue)
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }

  init(
    instance: Block128, nonce: Block128, firstBatch: UInt64, firstPosition: UInt64,
    previousNonce: Block128, previousTag: Block128, previousEnd: UInt64, byteCount: UInt64,
    createdAtMillis: UInt64, flags: Flags
  ) {
    self.instance = instance
    self.nonce = nonce
    self.firstBatch = firstBatch
    self.firstPosition = firstPosition
    self.previousNonce = previousNonce
    self.previousTag = previousTag
    self.previousEnd = previousEnd
    self.byteCount = byteCount
    self.createdAtMillis = createdAtMillis
    self.flags = flags
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    let fields = SingleBlock.fieldsOffset
    nonce = bytes.block(at: fields)
    firstBatch = bytes.u64(at: fields + 16)
    firstPosition = bytes.u64(at: fields + 24)
    previousNonce = bytes.block(at: fields + 32)
    previousTag = bytes.block(at: fields + 48)
    previousEnd = bytes.u64(at: fields + 64)
    byteCount = bytes.u64(at: fields + 72)
    createdAtMillis = bytes.u64(at: fields + 80)
    flags = Flags(rawValue: bytes.u32(at: fields + 88))
  }
}
