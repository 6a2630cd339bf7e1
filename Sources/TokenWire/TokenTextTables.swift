/// The lookup tables of token texts, made once in a process and never freed: 28 KiB, of which
/// valid texts touch some 12.
///
/// Invariant: `base` points at `byteCount` bytes that nobody writes after `init`, so any thread may
/// read them. Digits first, six tables of 256 64-bit words; then the checksum's, sixteen tables of
/// 256 32-bit words.
@safe
struct TokenTextTables: @unchecked Sendable {
  /// A global behind one first-use check; the parsers read it once a text.
  static let shared = TokenTextTables()

  static let digitTables = 6
  static let checksumTables = 16

  /// Table k holds, for a byte that is a digit, its value times 62 to the power k, and for any
  /// other byte `Base62.outside`.
  let digits: UnsafePointer<UInt64>
  /// Table k holds the checksum register after a byte and k zero bytes.
  let checksums: UnsafePointer<UInt32>

  private init() {
    let digits = UnsafeMutablePointer<UInt64>.allocate(capacity: 256 * Self.digitTables)
    var scale: UInt64 = 1
    for table in 0..<Self.digitTables {
      for byte in 0..<256 {
        let value = Base62.value(of: UInt8(byte))
        unsafe (digits + (256 * table + byte)).initialize(
          to: value.map { $0 * scale } ?? Base62.outside)
      }
      scale *= 62
    }
    unsafe self.digits = UnsafePointer(digits)
    unsafe checksums = UnsafePointer(Self.checksums())
  }

  private static func checksums() -> UnsafeMutablePointer<UInt32> {
    let words = UnsafeMutablePointer<UInt32>.allocate(capacity: 256 * checksumTables)
    for byte in 0..<256 {
      var register = UInt32(byte)
      for _ in 0..<8 {
        register = (register >> 1) ^ (register & 1 == 1 ? 0xEDB8_8320 : 0)
      }
      unsafe (words + byte).initialize(to: register)
    }
    for index in 256..<256 * checksumTables {
      let before = unsafe words[index - 256]
      let next = unsafe words[Int(before & 0xFF)] ^ (before >> 8)
      unsafe (words + index).initialize(to: next)
    }
    return unsafe words
  }
}
