internal import TokenCore
internal import TokenCrypto

/// A slot of the file `witness`: which batch, synced before this was written, is known to be on the
/// disk, so that its damage or absence is no torn tail. Two slots are written in turn, so a torn
/// write leaves the other.
///
/// It can turn "drop the tail" into "refuse", never the reverse.
struct WitnessBlock: Equatable, Sendable {
  var instance: Block128
  /// Grows by one with each write; the slot is its lowest bit.
  var sequence: UInt64
  var segmentNonce: Block128
  var batchNumber: UInt64
  /// The tag of that batch.
  var tag: Block128
  var lastPosition: UInt64
  /// When this was written, Unix milliseconds: a service that only validates is known to have been
  /// up. 0 = not told.
  var wallMillis: UInt64

  static let magic: UInt32 = 0x574A_6753  // "SgJW"

  var offset: Int { Int(sequence % 2) * journalBlockBytes }

  init(
    instance: Block128, sequence: UInt64, segmentNonce: Block128, batchNumber: UInt64,
    tag: Block128, lastPosition: UInt64, wallMillis: UInt64
  ) {
    self.instance = instance
    self.sequence = sequence
    self.segmentNonce = segmentNonce
    self.batchNumber = batchNumber
    self.tag = tag
    self.lastPosition = lastPosition
    self.wallMillis = wallMillis
  }

  init(_ bytes: [UInt8], _ mac: borrowing JournalMAC) throws(BlockFault) {
    instance = try SingleBlock.check(bytes, magic: Self.magic, mac)
    let fields = SingleBlock.fieldsOffset
    sequence = bytes.u64(at: fields)
    segmentNonce = bytes.block(at: fields + 8)
    batchNumber = bytes.u64(at: fields + 24)
    tag = bytes.block(at: fields + 32)
    lastPosition = bytes.u64(at: fields + 48)
    wallMillis = bytes.u64(at: fields + 56)
  }

  /// Whether any version writes these numbers.
  var isPossible: Bool {
    [sequence, batchNumber, lastPosition, wallMillis].allSatisfy { $0 <= Limits.numberMax }
  }

  func encoded(_ mac: borrowing JournalMAC) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(u64: sequence)
    fields.append(block: segmentNonce)
    fields.append(u64: batchNumber)
    fields.append(block: tag)
    fields.append(u64: lastPosition)
    fields.append(u64: wallMillis)
    return SingleBlock.encode(magic: Self.magic, instance: instance, fields: fields, mac)
  }
}
