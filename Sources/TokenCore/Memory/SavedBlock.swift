/// The old bytes of one block of a page, and the block that was saved before it of the same page: a
/// list that grows at its head.
///
/// Invariant: the address is one that `init` allocated and `free` has not been called with. Whoever
/// has the head of a list owns all of it, as ``SavedPages`` hands it from one thread to the other.
@unsafe
struct SavedBlock {
  private static let nextAt = 0
  private static let blockAt = 8
  private static let bytesAt = 16

  private let memory: UnsafeMutableRawPointer

  /// - Parameter blockInPage: below ``ArenaLayout/blocksPerPage``.
  init(_ words: AtomicWords, blockInPage: Int) {
    unsafe memory = .allocate(
      byteCount: Self.bytesAt + ArenaLayout.blockBytes, alignment: Self.bytesAt)
    unsafe memory.storeBytes(of: UInt64(blockInPage), toByteOffset: Self.blockAt, as: UInt64.self)
    unsafe words.copy(
      into: UnsafeMutableRawBufferPointer(
        start: memory + Self.bytesAt, count: ArenaLayout.blockBytes))
    unsafe setNext(0)
  }

  /// - Parameter address: from ``address`` of a block that was not freed.
  init?(address: UInt64) {
    guard let found = unsafe UnsafeMutableRawPointer(bitPattern: UInt(address)) else { return nil }
    unsafe memory = found
  }

  var address: UInt64 { unsafe UInt64(UInt(bitPattern: memory)) }

  /// nil = the last of the list.
  var next: SavedBlock? {
    unsafe SavedBlock(address: memory.load(fromByteOffset: Self.nextAt, as: UInt64.self))
  }

  /// - Parameter address: of the next of the list; 0 = none.
  func setNext(_ address: UInt64) {
    unsafe memory.storeBytes(of: address, toByteOffset: Self.nextAt, as: UInt64.self)
  }

  /// Puts the bytes where they were in the page.
  func restore(into page: UnsafeMutableRawBufferPointer) {
    let block = unsafe Int(memory.load(fromByteOffset: Self.blockAt, as: UInt64.self))
    unsafe UnsafeMutableRawBufferPointer(
      rebasing: page[block * ArenaLayout.blockBytes..<(block + 1) * ArenaLayout.blockBytes]
    ).copyMemory(
      from: UnsafeRawBufferPointer(start: memory + Self.bytesAt, count: ArenaLayout.blockBytes))
  }

  func free() { unsafe memory.deallocate() }
}
