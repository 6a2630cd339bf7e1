internal import TokenWire

/// The header of a whole reply frame at the start of what was received (proto-spec/protocol.md).
struct SignetFrame {
  let opcode: UInt16
  let requestId: UInt32
  let status: UInt16
  /// Of header and body.
  let byteCount: Int

  /// Nil when the frame is not all there.
  @inline(__always)
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= WireLimits.headerBytes, let base = bytes.baseAddress else {
      return nil
    }
    let (first, second) = unsafe (base.u64(0), base.u64(8))
    byteCount = WireLimits.headerBytes + Int(UInt32(truncatingIfNeeded: first))
    guard bytes.count >= byteCount else { return nil }
    opcode = UInt16(truncatingIfNeeded: first >> 48)
    requestId = UInt32(truncatingIfNeeded: second)
    status = UInt16(truncatingIfNeeded: second >> 32)
  }

  /// The body, of the bytes that the frame was found in.
  @inline(__always)
  func body(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[WireLimits.headerBytes..<byteCount])
  }
}
