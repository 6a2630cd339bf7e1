internal import TokenCrypto

/// The first 64 bytes of a batch.
///
/// | offset | holds |
/// |---|---|
/// | 0 | magic 32, version 16, flags 16 |
/// | 8 | batch number 64 |
/// | 16 | position of its first commit 64 |
/// | 24 | number of commits 32, bytes of payload 32 |
/// | 32 | wall time, Unix milliseconds 64 |
/// | 40 | tag of the batch before it, 16 bytes |
/// | 56 | CRC-32C over ciphertext and tag |
/// | 60 | CRC-32C over bytes 0 ..< 60 |
///
/// Then the ciphertext, the GCM tag (16 bytes; bytes 0 ..< 56 are authenticated with the text), and
/// zeros up to a multiple of 4,096.
struct BatchHeader: Equatable, Sendable {
  var number: UInt64
  var firstPosition: UInt64
  var commitCount: UInt32
  var payloadBytes: UInt32
  var wallMillis: UInt64
  var previousTag: Block128
  var flags: Flags
  var payloadCRC: UInt32 = 0

  struct Flags: OptionSet, Sendable, Hashable {
    let rawValue: UInt16
    /// The service stopped as asked after this.
    static let seal = Flags(rawValue: 1)
    /// The batch before this one had not been synced when this was written, so this one proves
    /// nothing about it.
    static let afterUnsynced = Flags(rawValue: 2)
  }

  static let byteCount = 64
  static let authenticatedBytes = 56
  static let payloadCRCOffset = 56
  static let headerCRCOffset = 60
  static let magic: UInt32 = 0x424A_6753  // "SgJB"
  static let version: UInt16 = 1
  static let tagBytes = 16

  /// Bytes on the disk, padding included.
  var extentBytes: Int { Self.extentBytes(payloadBytes: Int(payloadBytes)) }

  static func extentBytes(payloadBytes: Int) -> Int {
    roundedUpToBlocks(byteCount + payloadBytes + tagBytes)
  }

  /// Position of its last commit; of the commit before it when it has none.
  var lastPosition: UInt64 { firstPosition + UInt64(commitCount) - 1 }

  /// The 56 bytes that the tag covers.
  var authenticated: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    bytes.append(u32: Self.magic)
    bytes.append(u16: Self.version)
    bytes.append(u16: flags.rawValue)
    bytes.append(u64: number)
    bytes.append(u64: firstPosition)
    bytes.append(u32: commitCount)
    bytes.append(u32: payloadBytes)
    bytes.append(u64: wallMillis)
    bytes.append(block: previousTag)
    return bytes
  }

  init(
    number: UInt64, firstPosition: UInt64, commitCount: UInt32, payloadBytes: UInt32,
    wallMillis: UInt64, previousTag: Block128, flags: Flags
  ) {
    self.number = number
    self.firstPosition = firstPosition
    self.commitCount = commitCount
    self.payloadBytes = payloadBytes
    self.wallMillis = wallMillis
    self.previousTag = previousTag
    self.flags = flags
  }

  /// The header at an offset of a segment, checked by its own checksum only.
  init(_ bytes: [UInt8], at offset: Int) throws(BatchFault) {
    guard
      bytes.u32(at: offset + Self.headerCRCOffset)
        == CRC32C.checksum(bytes, offset..<offset + Self.headerCRCOffset)
    else { throw .headerDamaged }
    guard bytes.u32(at: offset) == Self.magic else { throw .headerDamaged }
    guard bytes.u16(at: offset + 4) == Self.version else {
      throw .newer(bytes.u16(at: offset + 4))
    }
    flags = Flags(rawValue: bytes.u16(at: offset + 6))
    number = bytes.u64(at: offset + 8)
    firstPosition = bytes.u64(at: offset + 16)
    commitCount = bytes.u32(at: offset + 24)
    payloadBytes = bytes.u32(at: offset + 28)
    wallMillis = bytes.u64(at: offset + 32)
    previousTag = bytes.block(at: offset + 40)
    payloadCRC = bytes.u32(at: offset + Self.payloadCRCOffset)
  }
}

/// Why a batch is not what it should be.
public enum BatchFault: Error, Equatable, Sendable {
  /// No magic, or the header's checksum does not fit.
  case headerDamaged
  /// The checksum of the text does not fit.
  case payloadDamaged
  /// It says that it goes on beyond the end of the file.
  case cutOff
  /// Whole, but not the one that belongs here.
  case outOfOrder(found: UInt64, expected: UInt64)
  /// Whole, and its number fits, but it follows another batch than the one before it.
  case chainBroken
  /// Written by a later version.
  case newer(UInt16)
  /// The checksums fit and the tag does not.
  case notAuthentic
  /// Authentic, but what is inside does not read as commits.
  case unreadable(String)
}
