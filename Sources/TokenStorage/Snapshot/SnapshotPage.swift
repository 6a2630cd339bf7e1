internal import TokenCore

/// Memory for one page on its way into a snapshot or out of it: the page, and its packed form,
/// which is a word that says which of its 64 pieces of 1 KiB are not all zeros, and these pieces.
@safe
struct SnapshotPage: ~Copyable {
  static let pieceBytes = 1_024
  static let leastPackedBytes = 8
  static let mostPackedBytes = 8 + ArenaLayout.pageBytes

  /// Invariant: both are allocated here with these sizes, and freed in deinit.
  let bytes: UnsafeMutableRawBufferPointer
  let packed: UnsafeMutableRawBufferPointer

  init() {
    unsafe bytes = .allocate(byteCount: ArenaLayout.pageBytes, alignment: 64)
    unsafe packed = .allocate(byteCount: Self.mostPackedBytes, alignment: 64)
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe packed.deallocate()
  }

  /// Packs the page.
  /// - Returns: the first bytes of `packed`.
  @unsafe
  func pack() -> UnsafeRawBufferPointer {
    var present: UInt64 = 0
    var end = Self.leastPackedBytes
    for piece in 0..<64 where unsafe !isZero(piece) {
      present |= 1 << UInt64(piece)
      unsafe slice(packed, end).copyMemory(
        from: UnsafeRawBufferPointer(slice(bytes, piece * Self.pieceBytes)))
      end += Self.pieceBytes
    }
    unsafe packed.storeBytes(of: present.littleEndian, as: UInt64.self)
    return unsafe UnsafeRawBufferPointer(rebasing: packed[..<end])
  }

  /// Whether the first `count` bytes of `packed` are a packed page.
  func isPacked(_ count: Int) -> Bool {
    guard count >= Self.leastPackedBytes, count <= Self.mostPackedBytes else { return false }
    return count == Self.leastPackedBytes + present.nonzeroBitCount * Self.pieceBytes
  }

  /// The page that the first `count` bytes of `packed` are: they must be one (``isPacked(_:)``).
  /// Valid until the next one.
  @unsafe
  func unpacked(_ count: Int) -> UnsafeRawBufferPointer {
    if count == Self.mostPackedBytes {
      return unsafe UnsafeRawBufferPointer(rebasing: packed[Self.leastPackedBytes...])
    }
    let present = present
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    var place = Self.leastPackedBytes
    for piece in 0..<64 where present >> UInt64(piece) & 1 == 1 {
      unsafe slice(bytes, piece * Self.pieceBytes).copyMemory(
        from: UnsafeRawBufferPointer(slice(packed, place)))
      place += Self.pieceBytes
    }
    return unsafe UnsafeRawBufferPointer(bytes)
  }

  /// Which pieces a packed page has.
  private var present: UInt64 {
    UInt64(littleEndian: unsafe packed.load(as: UInt64.self))
  }

  /// Invariant: `piece` is 0 to 63, so that the loads stay inside `bytes` (`load` checks).
  @unsafe
  private func isZero(_ piece: Int) -> Bool {
    let end = (piece + 1) * Self.pieceBytes
    var place = piece * Self.pieceBytes
    while place < end {
      if unsafe bytes.load(fromByteOffset: place, as: UInt64.self) != 0 { return false }
      place += 8
    }
    return true
  }

  /// 1 KiB from an offset on; the buffer's bounds are checked.
  @unsafe
  private func slice(
    _ buffer: UnsafeMutableRawBufferPointer, _ offset: Int
  ) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + Self.pieceBytes])
  }
}
