import Synchronization

/// Which pages of the arena were changed, and the one hook that every change passes.
///
/// A page's mark is the epoch in which it was last changed. The first change of a page in an epoch
/// goes through ``firstChange(page:epoch:)`` *before* the change is made: the place where a
/// snapshot under way has the page copied.
struct PageMarks: BitwiseCopyable, Sendable {
  /// Word 0 is the epoch, word 1 the address of the ``SavedPages`` of the snapshot under way (0 =
  /// none; the lane's alone), word 2 + page that page's mark.
  private let words: AtomicWords

  private static let savedWord = 1
  private static let firstMark = 2

  static func wordCount(coveringBytes bytes: Int) -> Int {
    firstMark + bytes / ArenaLayout.pageBytes
  }

  init(_ words: AtomicWords) { self.words = words }

  /// To be called by the commit lane before it stores to any of these bytes of the arena.
  @inline(__always)
  func willChange(byteOffset: Int, byteCount: Int) {
    let epoch = words.loadRelaxed(0)
    let last = (byteOffset + byteCount - 1) / ArenaLayout.pageBytes
    var page = byteOffset / ArenaLayout.pageBytes
    while page <= last {
      if words.loadRelaxed(Self.firstMark + page) != epoch {
        firstChange(page: page, epoch: epoch)
      }
      page += 1
    }
  }

  private func firstChange(page: Int, epoch: UInt64) {
    let address = words.loadRelaxed(Self.savedWord)
    if address != 0, let saved = unsafe UnsafeRawPointer(bitPattern: UInt(address)) {
      // Invariant: `begin` retained the object, and only `end`, the lane's like this, releases it.
      unsafe Unmanaged<SavedPages>.fromOpaque(saved)._withUnsafeGuaranteedRef { $0.save(page) }
    }
    words.storeRelaxed(Self.firstMark + page, epoch)
    // Whoever sees a later change of the page sees what was saved, and the mark.
    atomicMemoryFence(ordering: .releasing)
  }

  /// Starts the next epoch; the lane's. The first epoch is 1, so that a zero mark is "never".
  func advanceEpoch() { words.storeReleasing(0, words.loadRelaxed(0) + 1) }

  var epoch: UInt64 { words.loadAcquiring(0) }

  /// Whether the page was changed in the current epoch.
  func isTouched(page: Int) -> Bool { words.loadAcquiring(Self.firstMark + page) == epoch }

  /// Whether the page was ever changed, or loaded.
  func isUsed(page: Int) -> Bool { words.loadRelaxed(Self.firstMark + page) != 0 }

  /// For a page that is loaded or emptied before any table uses the arena.
  func setUsed(page: Int, _ isUsed: Bool) {
    words.storeRelaxed(Self.firstMark + page, isUsed ? 1 : 0)
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
