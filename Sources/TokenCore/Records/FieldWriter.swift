/// Appends little-endian fields in order; `FieldReader` reads them back.
struct FieldWriter {
  private(set) var bytes: [UInt8]

  /// `byteCount` is how much room to reserve.
  init(byteCount: Int) {
    bytes = []
    bytes.reserveCapacity(byteCount)
  }

  /// Starts anew in the same memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { integer(UInt64(value), byteCount: 2) }
  mutating func u32(_ value: UInt32) { integer(UInt64(value), byteCount: 4) }
  mutating func u64(_ value: UInt64) { integer(value, byteCount: 8) }

  mutating func id(_ value: TokenID) {
    u64(value.word0)
    u64(value.word1)
  }

  /// Words of eight bytes, one after the other.
  mutating func words<let count: Int>(_ values: InlineArray<count, UInt64>) {
    var values = values
    for index in values.indices { values[index] = values[index].littleEndian }
    unsafe values.span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// A u16 length and the bytes.
  mutating func text(_ value: [UInt8]) {
    precondition(value.count <= Int(UInt16.max), "a stored text has at most 65,535 bytes")
    u16(UInt16(value.count))
    bytes.append(contentsOf: value)
  }

  /// A u16 length and room for `capacity` bytes, padded with zeros, so that what follows has a
  /// fixed place.
  mutating func text(_ value: [UInt8], capacity: Int) {
    precondition(value.count <= capacity, "rules bound every text before it is stored")
    u16(UInt16(value.count))
    bytes.append(contentsOf: value)
    zeros(capacity - value.count)
  }

  mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

  mutating func zeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

  /// Removes the zeros at the end, but none before `first`.
  mutating func dropZeros(behind first: Int) {
    var end = bytes.count
    while end > first, bytes[end - 1] == 0 { end -= 1 }
    bytes.removeLast(bytes.count - end)
  }

  /// Sets a u16 that was written before, at `offset`.
  mutating func replace(at offset: Int, u16 value: UInt16) {
    bytes[offset] = UInt8(truncatingIfNeeded: value)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
  }

  /// Sets a u32 that was written before, at `offset`.
  mutating func replace(at offset: Int, u32 value: UInt32) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
    }
  }

  private mutating func integer(_ value: UInt64, byteCount: Int) {
    // One append of a whole buffer: of single bytes, or of a slice, the array copies each for
    // itself.
    unsafe withUnsafeBytes(of: value.littleEndian) { word in
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: word.prefix(byteCount)))
    }
  }
}
