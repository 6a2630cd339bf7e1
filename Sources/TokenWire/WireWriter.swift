/// A growable output buffer with the encoder's verbs. A connection keeps one, appends any number
/// of frames, and hands `withUnsafeBytes` to one write.
///
/// Lengths of frames and groups are written as zero first and patched at their end. A field too
/// long for its length prefix does not trap and is not cut: the writer notes a fault, and
/// `endFrame` removes the frame and throws it.
///
/// Invariant behind the unsafe code: `storage` is `capacity` bytes owned by this value alone;
/// 0 ≤ head ≤ tail ≤ capacity; bytes in head..<tail are initialised.
@safe
public struct WireWriter: ~Copyable, @unchecked Sendable {
  @usableFromInline var storage: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var head = 0
  @usableFromInline var tail = 0
  /// The first field that did not fit its length prefix since the last frame was ended.
  public private(set) var fault: WireFault?

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 4_096) {
    let bytes = max(capacity, 64)
    unsafe storage = .allocate(byteCount: bytes, alignment: 16)
    self.capacity = bytes
  }

  deinit { unsafe storage.deallocate() }

  // MARK: The buffer

  /// Bytes waiting.
  public var count: Int { tail - head }

  /// Bytes that the allocation holds.
  public var allocatedBytes: Int { capacity }

  /// The waiting bytes, for one write. The pointer is valid for the closure only.
  public func withUnsafeBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeRawBufferPointer(start: storage + head, count: count))
  }

  /// The waiting bytes, copied.
  public var contents: [UInt8] {
    unsafe withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Drops the first `sent` bytes, which the kernel has taken.
  public mutating func removeFirst(_ sent: Int) {
    precondition(sent >= 0 && sent <= count, "more bytes sent than were waiting")
    head += sent
    if head == tail {
      head = 0
      tail = 0
    }
  }

  /// Drops everything, and the allocation too when it is above `keeping` bytes.
  public mutating func reset(keeping: Int = .max) {
    head = 0
    tail = 0
    fault = nil
    if capacity > max(keeping, 64) { reallocate(max(keeping, 64)) }
  }

  /// Makes room for `bytes` more without changing what is there.
  @inlinable
  public mutating func reserve(_ bytes: Int) {
    if capacity - tail < bytes { grow(bytes) }
  }

  @usableFromInline
  mutating func grow(_ bytes: Int) {
    let needed = count + bytes
    var size = capacity
    while size < needed { size *= 2 }
    // Moving the waiting bytes down is enough while they fill less than half.
    if size == capacity, count > capacity / 2 { size *= 2 }
    reallocate(size)
  }

  private mutating func reallocate(_ size: Int) {
    let waiting = count
    if size == capacity {
      unsafe storage.copyMemory(from: storage + head, byteCount: waiting)
    } else {
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      unsafe fresh.copyMemory(from: storage + head, byteCount: waiting)
      unsafe storage.deallocate()
      unsafe storage = fresh
      capacity = size
    }
    head = 0
    tail = waiting
  }

  /// Remembers the first field that could not be written.
  mutating func note(_ kind: WireFault.Kind, _ field: StaticString) {
    if fault == nil { fault = WireFault(kind, "\(field)") }
  }

  /// Takes the noted fault.
  mutating func takeFault() -> WireFault? {
    defer { fault = nil }
    return fault
  }

  /// Drops what was appended after the buffer held `size` bytes.
  mutating func truncate(to size: Int) {
    precondition(size <= count)
    tail = head + size
  }

  // MARK: Raw appends

  @inlinable @inline(__always)
  mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    let size = MemoryLayout<T>.size
    reserve(size)
    unsafe (storage + tail).storeBytes(of: value.littleEndian, as: T.self)
    tail += size
  }

  /// Appends one byte.
  @inlinable
  public mutating func u8(_ value: UInt8) { append(value) }
  /// Appends two bytes, little-endian.
  @inlinable
  public mutating func u16(_ value: UInt16) { append(value) }
  /// Appends four bytes, little-endian.
  @inlinable
  public mutating func u32(_ value: UInt32) { append(value) }
  /// Appends eight bytes, little-endian.
  @inlinable
  public mutating func u64(_ value: UInt64) { append(value) }
  /// Appends one byte: 1 for true, 0 for false.
  public mutating func bool(_ value: Bool) { append(value ? 1 : 0 as UInt8) }

  /// Appends the sixteen bytes in wire order, without a length.
  public mutating func b16(_ value: Bytes16) {
    append(value.word0)
    append(value.word1)
  }

  /// Bytes as they are, without a length.
  public mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    reserve(bytes.count)
    if let start = bytes.baseAddress {
      unsafe (storage + tail).copyMemory(from: start, byteCount: bytes.count)
      tail += bytes.count
    }
  }

  /// A `text` field that `spell` writes, all of its bytes.
  mutating func text(byteCount: Int, _ spell: (UnsafeMutableRawBufferPointer) -> Int) {
    u16(UInt16(byteCount))
    reserve(byteCount)
    let place = unsafe UnsafeMutableRawBufferPointer(start: storage + tail, count: byteCount)
    let spelled = unsafe spell(place)
    precondition(spelled == byteCount, "a text of the length that was told")
    tail += byteCount
  }

  /// Writes `value` over two bytes that were appended when the buffer held `offset` bytes.
  mutating func patch16(at offset: Int, _ value: UInt16) {
    precondition(offset + 2 <= count)
    unsafe (storage + head + offset).storeBytes(of: value.littleEndian, as: UInt16.self)
  }

  /// Writes `value` over four bytes that were appended when the buffer held `offset` bytes.
  mutating func patch32(at offset: Int, _ value: UInt32) {
    precondition(offset + 4 <= count)
    unsafe (storage + head + offset).storeBytes(of: value.littleEndian, as: UInt32.self)
  }
}
