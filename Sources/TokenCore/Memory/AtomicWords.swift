import Synchronization

/// A run of 64-bit atomic words over raw memory, shared by one writer and any number of readers.
///
/// Invariants, held by whoever makes one: the memory is 8-byte aligned, was zeroed or holds words
/// stored through this type, outlives every copy of the value, and is only ever accessed through
/// atomic words once a second thread knows it. Every index is checked, so a copy cannot reach
/// outside its run.
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

  /// Puts `new` in the place of `old`, unless the word holds something else by now.
  /// - Returns: whether it did. Acquires and releases where it did.
  func replace(_ index: Int, _ old: UInt64, with new: UInt64) -> Bool {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe (base + index).pointee.compareExchange(
      expected: old, desired: new, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Copies all the words, each by a relaxed load, little-endian as they lie.
  @unsafe
  func copy(into target: UnsafeMutableRawBufferPointer) {
    precondition(target.count >= count * 8, "the target is too short for the words")
    // In bounds: checked above, and the loop ends at `count`.
    for index in 0..<count {
      unsafe target.storeBytes(
        of: (base + index).pointee.load(ordering: .relaxed), toByteOffset: index * 8,
        as: UInt64.self)
    }
  }

  /// Stores as many bytes as the words have, all at once and not as words: for memory that no other
  /// thread knows yet.
  @unsafe
  func fill(from source: UnsafeRawBufferPointer) {
    guard let bytes = source.baseAddress, source.count >= count * 8 else {
      preconditionFailure("the source is too short for the words")
    }
    unsafe UnsafeMutableRawPointer(base).copyMemory(from: bytes, byteCount: count * 8)
  }

  /// The eight words from `first` on.
  @inline(__always)
  func line(_ first: Int) -> AtomicLine {
    precondition(first >= 0 && first <= count &- 8)
    return unsafe AtomicLine(base + first)
  }

  /// The words `first ..< first + count` as a run of their own.
  func slice(_ first: Int, count length: Int) -> AtomicWords {
    precondition(first >= 0 && length >= 0 && first + length <= count)
    return unsafe AtomicWords(base + first, count: length)
  }
}

/// Eight words of a run, a cache line's worth: bounds are checked when it is made, and a load at a
/// constant place costs nothing more.
@safe
struct AtomicLine: BitwiseCopyable {
  /// Invariant: eight words of an ``AtomicWords``, whose invariants hold here too.
  private let base: UnsafeMutablePointer<Atomic<UInt64>>

  @unsafe
  @inline(__always)
  fileprivate init(_ base: UnsafeMutablePointer<Atomic<UInt64>>) { unsafe self.base = base }

  @inline(__always)
  func loadRelaxed(_ place: Int) -> UInt64 {
    precondition(UInt(bitPattern: place) < 8)
    return unsafe (base + place).pointee.load(ordering: .relaxed)
  }

  @inline(__always)
  func loadAcquiring(_ place: Int) -> UInt64 {
    precondition(UInt(bitPattern: place) < 8)
    return unsafe (base + place).pointee.load(ordering: .acquiring)
  }
}
