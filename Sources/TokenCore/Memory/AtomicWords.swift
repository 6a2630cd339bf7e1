import Synchronization

/// A run of 64-bit atomic words over raw memory, shared by one writer and any number of readers.
///
/// Invariants, held by whoever makes one: the memory is 8-byte aligned, was zeroed or holds words
/// stored through this type, outlives every copy of the value, and is only ever accessed through
/// atomic words. Every index is checked, so a copy cannot reach outside its run.
@safe
struct AtomicWords: BitwiseCopyable, @unchecked Sendable {
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  /// - Parameter memory: 8-byte aligned, zeroed, never unmapped while a copy is in use.
  @unsafe
  init(_ memory: UnsafeMutableRawPointer, count: Int) {
    precondition(UInt(bitPattern: memory) % 8 == 0, "atomic words need 8-byte alignment")
    unsafe base = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    self.count = count
  }

  /// The run at an address that ``address`` gave; only the index's directory does this.
  @unsafe
  init(address: UInt64, count: Int) {
    unsafe base = UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
    self.count = count
  }

  var address: UInt64 { unsafe UInt64(UInt(bitPattern: base)) }

  @inline(__always)
  func loadRelaxed(_ index: Int) -> UInt64 {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe (base + index).pointee.load(ordering: .relaxed)
  }

  @inline(__always)
  func loadAcquiring(_ index: Int) -> UInt64 {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe (base + index).pointee.load(ordering: .acquiring)
  }

  @inline(__always)
  func storeRelaxed(_ index: Int, _ value: UInt64) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    unsafe (base + index).pointee.store(value, ordering: .relaxed)
  }

  @inline(__always)
  func storeReleasing(_ index: Int, _ value: UInt64) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    unsafe (base + index).pointee.store(value, ordering: .releasing)
  }

  /// The words `first ..< first + count` as a run of their own.
  func slice(_ first: Int, count length: Int) -> AtomicWords {
    precondition(first >= 0 && length >= 0 && first + length <= count)
    return unsafe AtomicWords(base + first, count: length)
  }
}
