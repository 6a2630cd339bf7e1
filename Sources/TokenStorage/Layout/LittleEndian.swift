internal import TokenCrypto

// Fixed fields in bytes, little-endian. Offsets are the layout's own, so out of range is a bug.

extension [UInt8] {
  func u16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: integer(at: offset, bytes: 2)) }
  func u32(at offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: integer(at: offset, bytes: 4)) }
  func u64(at offset: Int) -> UInt64 { integer(at: offset, bytes: 8) }

  func block(at offset: Int) -> Block128 {
    Block128(word0: u64(at: offset), word1: u64(at: offset + 8))
  }

  mutating func append(u16 value: UInt16) { append(UInt64(value), bytes: 2) }
  mutating func append(u32 value: UInt32) { append(UInt64(value), bytes: 4) }
  mutating func append(u64 value: UInt64) { append(value, bytes: 8) }

  mutating func append(block: Block128) {
    append(u64: block.word0)
    append(u64: block.word1)
  }

  /// Sets four bytes that are there.
  mutating func replace(at offset: Int, u32 value: UInt32) {
    for index in 0..<4 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
    }
  }

  /// Appends zeros up to a size.
  mutating func pad(to byteCount: Int) {
    while count < byteCount {
      append(contentsOf: zeroBlock[..<Swift.min(journalBlockBytes, byteCount - count)])
    }
  }

  /// Whether the bytes of the range are all zero.
  func isZero(_ range: Range<Int>) -> Bool {
    let span = unsafe self.span.bytes
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound {
      // Inside the span, which `unsafeLoadUnaligned` checks in its turn.
      if unsafe span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 {
        return false
      }
      offset += 8
    }
    while offset < range.upperBound {
      if self[offset] != 0 { return false }
      offset += 1
    }
    return true
  }

  private func integer(at offset: Int, bytes: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<bytes { value |= UInt64(self[offset + index]) << UInt64(8 * index) }
    return value
  }

  private mutating func append(_ value: UInt64, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}

/// What journal offsets are multiples of: a new write never touches a sector with older data.
public let journalBlockBytes = 4_096

private let zeroBlock = [UInt8](repeating: 0, count: journalBlockBytes)

/// The next multiple of the block size.
func roundedUpToBlocks(_ byteCount: Int) -> Int {
  (byteCount + journalBlockBytes - 1) / journalBlockBytes * journalBlockBytes
}
