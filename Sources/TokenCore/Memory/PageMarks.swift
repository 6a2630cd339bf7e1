import Synchronization

/// Which pages and blocks of the arena were changed, and the one hook that every change passes.
///
/// A page's mark is the epoch in which it was last changed, and a bit for each of its blocks that
/// was changed then. The first change of a block in an epoch goes through
/// ``firstChange(block:epoch:)`` *before* the change is made: the place where a snapshot under way
/// has the block copied.
struct PageMarks: BitwiseCopyable, Sendable {
  /// Word 0 is the epoch, in the bits that it has in a mark; word 1 the address of the
  /// ``SavedPages`` of the snapshot under way (0 = none; the lane's alone); word 2 + page that
  /// page's mark: the blocks' bits, the lowest for the first, and above them the epoch.
  private let words: AtomicWords

  private static let savedWord = 1
  private static let firstMark = 2
  private static let epochOne = UInt64(1) << UInt64(ArenaLayout.blocksPerPage)
  private static let blockBits = epochOne - 1

  static func wordCount(coveringBytes bytes: Int) -> Int {
    firstMark + bytes / ArenaLayout.pageBytes
  }

  init(_ words: AtomicWords) { self.words = words }

  /// To be called by the commit lane before it stores to any of these bytes of the arena.
  @inline(__always)
  func willChange(byteOffset: Int, byteCount: Int) {
    let epoch = words.loadRelaxed(0)
    let last = (byteOffset + byteCount - 1) / ArenaLayout.blockBytes
    var block = byteOffset / ArenaLayout.blockBytes
    while block <= last {
      let mark = words.loadRelaxed(Self.firstMark + block / ArenaLayout.blocksPerPage)
      if mark & (~Self.blockBits | Self.bit(of: block)) != epoch | Self.bit(of: block) {
        firstChange(block: block, epoch: epoch)
      }
      block += 1
    }
  }

  @inline(__always)
  private static func bit(of block: Int) -> UInt64 {
    1 << UInt64(block % ArenaLayout.blocksPerPage)
  }

  private func firstChange(block: Int, epoch: UInt64) {
    let address = words.loadRelaxed(Self.savedWord)
    if address != 0, let saved = unsafe UnsafeRawPointer(bitPattern: UInt(address)) {
      // Invariant: `begin` retained the object, and only `end`, the lane's like this, releases it.
      unsafe Unmanaged<SavedPages>.fromOpaque(saved)._withUnsafeGuaranteedRef {
        $0.save(block: block)
      }
    }
    let place = Self.firstMark + block / ArenaLayout.blocksPerPage
    let mark = words.loadRelaxed(place)
    let others = mark & ~Self.blockBits == epoch ? mark : epoch
    words.storeRelaxed(place, others | Self.bit(of: block))
    #if PLANTED
      if planted(.blockMarksItsPage) { words.storeRelaxed(place, others | Self.blockBits) }
    #endif
    // Whoever sees a later change of the block sees what was saved, and the mark.
    atomicMemoryFence(ordering: .releasing)
  }

  /// Starts the next epoch; the lane's. The first epoch is 1, so that a zero mark is "never".
  func advanceEpoch() { words.storeReleasing(0, words.loadRelaxed(0) + Self.epochOne) }

  var epoch: UInt64 { words.loadAcquiring(0) / Self.epochOne }

  /// Whether the page was changed in the current epoch.
  func isTouched(page: Int) -> Bool {
    words.loadAcquiring(Self.firstMark + page) / Self.epochOne == epoch
  }

  /// Whether the page was ever changed, or loaded.
  func isUsed(page: Int) -> Bool { words.loadRelaxed(Self.firstMark + page) != 0 }

  /// For a page that is loaded or emptied before any table uses the arena.
  func setUsed(page: Int, _ isUsed: Bool) {
    words.storeRelaxed(Self.firstMark + page, isUsed ? Self.epochOne : 0)
  }

  // MARK: The snapshot under way

  /// Takes notice of a snapshot from the next epoch on. The lane's.
  func begin(_ saved: SavedPages) {
    end()
    let address = unsafe Unmanaged.passRetained(saved).toOpaque()
    words.storeRelaxed(Self.savedWord, UInt64(UInt(bitPattern: address)))
    advanceEpoch()
  }

  /// The pages of the snapshot that was begun last; nil when it was ended.
  var saved: SavedPages? {
    guard
      let address = unsafe UnsafeRawPointer(bitPattern: UInt(words.loadRelaxed(Self.savedWord)))
    else { return nil }
    return unsafe Unmanaged<SavedPages>.fromOpaque(address).takeUnretainedValue()
  }

  /// Forgets the snapshot. The lane's.
  func end() {
    guard
      let address = unsafe UnsafeRawPointer(bitPattern: UInt(words.loadRelaxed(Self.savedWord)))
    else { return }
    words.storeRelaxed(Self.savedWord, 0)
    unsafe Unmanaged<SavedPages>.fromOpaque(address).release()
  }

  /// For memory that is taken over: an address in it is of another time.
  func forgetSaved() { words.storeRelaxed(Self.savedWord, 0) }
}
