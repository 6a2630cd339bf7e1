/// Reads little-endian fields in order. Past the end it gives zeros and sets `isShort`, so that a
/// sequence of reads needs one check at its end.
struct FieldReader {
  private let bytes: [UInt8]
  private(set) var offset = 0
  private(set) var isShort = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: integer(byteCount: 1)) }
  mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: integer(byteCount: 2)) }
  mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: integer(byteCount: 4)) }
  mutating func u64() -> UInt64 { integer(byteCount: 8) }

  mutating func id() -> TokenID {
    let word0 = u64()
    return TokenID(word0: word0, word1: u64())
  }

  /// A u16 length and that many bytes.
  mutating func text() -> [UInt8] {
    let count = Int(u16())
    return raw(count)
  }

  /// A u16 length and room for `capacity` bytes, of which the first `length` count.
  mutating func text(capacity: Int) -> [UInt8] {
    let count = min(Int(u16()), capacity)
    guard has(capacity) else { return [] }
    defer { offset += capacity }
    return Array(bytes[offset..<offset + count])
  }

  /// Everything that was not read yet.
  mutating func rest() -> [UInt8] { raw(bytes.count - offset) }

  mutating func raw(_ count: Int) -> [UInt8] {
    guard has(count) else { return [] }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  /// Whether as many bytes are left; where not, nothing is.
  private mutating func has(_ count: Int) -> Bool {
    if count <= bytes.count - offset { return true }
    isShort = true
    offset = bytes.count
    return false
  }

  private mutating func integer(byteCount: Int) -> UInt64 {
    guard has(byteCount) else { return 0 }
    var value: UInt64 = 0
    for index in 0..<byteCount {
      value |= UInt64(bytes[offset + index]) << UInt64(8 * index)
    }
    offset += byteCount
    return value
  }
}
