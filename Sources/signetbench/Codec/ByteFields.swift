// Fields of messages in raw memory, little-endian. The callers answer for the bounds.

extension UnsafeRawPointer {
  @inline(__always)
  func u16(_ offset: Int) -> Int {
    unsafe Int(UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  @inline(__always)
  func u32(_ offset: Int) -> UInt32 {
    unsafe UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  func u64(_ offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Whether `count` bytes here are those there.
  @inline(__always)
  func holds(_ other: UnsafeRawPointer, count: Int) -> Bool {
    var offset = 0
    while offset + 8 <= count {
      if unsafe u64(offset) != other.u64(offset) { return false }
      offset += 8
    }
    while offset < count {
      if unsafe self[offset] != other[offset] { return false }
      offset += 1
    }
    return true
  }

  @inline(__always)
  private subscript(offset: Int) -> UInt8 {
    unsafe load(fromByteOffset: offset, as: UInt8.self)
  }
}

extension UnsafeMutableRawPointer {
  @inline(__always)
  func put<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number, _ offset: Int) {
    unsafe storeBytes(of: value.littleEndian, toByteOffset: offset, as: Number.self)
  }

  /// Copies an array's bytes to `offset`; their number.
  @inline(__always)
  @discardableResult
  func put(_ bytes: [UInt8], _ offset: Int) -> Int {
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress {
        unsafe (self + offset).copyMemory(from: start, byteCount: source.count)
      }
    }
    return bytes.count
  }
}
