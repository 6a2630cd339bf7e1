internal import TokenCrypto

/// The frame of the blocks that stand alone: format, segment header, witness slot, a snapshot's
/// first and last, a backup's manifest, the mark of unfinished work. 4,096 bytes.
///
/// | offset | holds |
/// |---|---|
/// | 0 | magic 32, version 16, least reader version 16 |
/// | 8 | instance id, 16 bytes |
/// | 24 | fields of the kind, then zeros |
/// | 4076 | first 16 bytes of HMAC-SHA-256 over bytes 0 ..< 4076 |
/// | 4092 | CRC-32C over bytes 0 ..< 4092 |
enum SingleBlock {
  static let fieldsOffset = 24
  static let macOffset = 4_076
  static let crcOffset = 4_092
  /// What this program writes, and the newest it reads.
  static let version: UInt16 = 1
  static func encode(
    magic: UInt32, instance: Block128, fields: [UInt8], _ mac: borrowing JournalMAC
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(journalBlockBytes)
    bytes.append(u32: magic)
    bytes.append(u16: version)
    bytes.append(u16: version)
    bytes.append(block: instance)
    bytes.append(contentsOf: fields)
    bytes.pad(to: macOffset)
    bytes.append(block: mac.tag(bytes))
    bytes.append(u32: CRC32C.checksum(bytes))
    return bytes
  }

  /// Checks the frame; the instance id and the fields of a block that is whole.
  static func check(
    _ bytes: [UInt8], magic: UInt32, _ mac: borrowing JournalMAC
  ) throws(BlockFault) -> Block128 {
    guard bytes.count == journalBlockBytes else { throw .short(bytes.count) }
    guard bytes.u32(at: crcOffset) == CRC32C.checksum(bytes, 0..<crcOffset) else {
      throw bytes.isZero(0..<journalBlockBytes) ? .empty : .damaged
    }
    guard bytes.u32(at: 0) == magic else { throw .otherKind }
    let leastReader = bytes.u16(at: 6)
    guard leastReader <= version else { throw .newer(leastReader) }
    guard mac.tag(Array(bytes[..<macOffset])) == bytes.block(at: macOffset) else {
      throw .notAuthentic
    }
    return bytes.block(at: 8)
  }
}

/// Why a single block is not what it should be.
public enum BlockFault: Error, Equatable, Sendable {
  case short(Int)
  /// Nothing but zeros.
  case empty
  /// The checksum does not fit: the medium decayed, or the write was cut short.
  case damaged
  /// Whole, but of another kind.
  case otherKind
  /// Written for readers of this version or later.
  case newer(UInt16)
  /// The checksum fits and the MAC does not: another root key, or somebody edited it.
  case notAuthentic
}
