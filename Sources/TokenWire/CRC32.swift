/// CRC-32 as zlib, PNG and IEEE 802.3 compute it (reflected polynomial `0xEDB88320`, start and
/// final xor all ones). It finds slips of hand and lets a secret scanner tell a token from noise;
/// it proves nothing about who wrote the text.
///
/// Sixteen bytes a step from sixteen tables.
public enum CRC32 {
  /// The checksum of `bytes`. No allocation.
  public static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe checksum($0) }
  }

  /// The checksum of `bytes`. No allocation.
  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return unsafe ~continued(
      ~0, over: base, count: bytes.count, TokenTextTables.shared.checksums)
  }

  /// Takes the running register (not inverted) over `count` bytes from `base`.
  ///
  /// Invariant: `count` bytes at `base` are readable. Table indexes are a byte plus 256 times a
  /// table number below 16, so every load lies inside the tables.
  @inline(__always)
  static func continued(
    _ start: UInt32, over base: UnsafeRawPointer, count: Int, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    var register = start
    var offset = 0
    while offset &+ 16 <= count {
      let first = unsafe UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let second = unsafe UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
      // The half that does not wait for the register comes first.
      register = unsafe eight(second, table) ^ eight(first ^ UInt64(register), table + 0x800)
      offset &+= 16
    }
    while offset < count {
      let byte = unsafe base.load(fromByteOffset: offset, as: UInt8.self)
      let index = Int(UInt8(truncatingIfNeeded: register) ^ byte)
      register = unsafe table[index] ^ (register &>> 8)
      offset &+= 1
    }
    return register
  }

  @inline(__always)
  private static func eight(_ x: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
    let near =
      unsafe table[0x700 &+ Int(x & 0xFF)] ^ table[0x600 &+ Int((x &>> 8) & 0xFF)]
      ^ table[0x500 &+ Int((x &>> 16) & 0xFF)] ^ table[0x400 &+ Int((x &>> 24) & 0xFF)]
    let far =
      unsafe table[0x300 &+ Int((x &>> 32) & 0xFF)] ^ table[0x200 &+ Int((x &>> 40) & 0xFF)]
      ^ table[0x100 &+ Int((x &>> 48) & 0xFF)] ^ table[Int(x &>> 56)]
    return near ^ far
  }
}
