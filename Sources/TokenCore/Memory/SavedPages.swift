import Synchronization

/// The old bytes of pages that the lane changed while a snapshot was being copied.
///
/// One word for each page of the arena: 0 = no part of the snapshot, or done with; 1 = still to be
/// copied; else the address of the bytes that the lane saved. The lane never waits here, and
/// neither does the snapshot's thread:
///
/// - lane, before its first change of a page that is still to be copied: save the bytes, store
///   their address (release) unless the word is 0 by now, store the mark, release fence; only then
///   change the page;
/// - snapshot's thread: copy the page by relaxed loads, acquire fence, *then* load the word. If
///   any of those loads had seen a change, the two fences would make the address visible, too. So a
///   word that still says "to be copied" proves the copy clean, even while the lane is saving.
@safe
final class SavedPages: @unchecked Sendable {
  private static let toCopy: UInt64 = 1

  /// The whole arena.
  private let arena: AtomicWords
  /// Invariant: allocated here, freed in deinit, reached through `states` only.
  private let memory: UnsafeMutableRawPointer
  private let states: AtomicWords
  private let limitBytes: Int
  private let heldBytes = Atomic<Int>(0)
  private let saveCount = Atomic<Int>(0)
  private let abandoned = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)

  /// - Parameters:
  ///   - pages: those in the snapshot, each below `pageCount`.
  ///   - limitBytes: how much may be saved at one time.
  init(_ arena: AtomicWords, pages: [Int], pageCount: Int, limitBytes: Int) {
    self.arena = arena
    self.limitBytes = limitBytes
    unsafe memory = .allocate(byteCount: max(pageCount, 1) * 8, alignment: 8)
    unsafe memory.initializeMemory(as: UInt64.self, repeating: 0, count: max(pageCount, 1))
    states = unsafe AtomicWords(memory, count: max(pageCount, 1))
    for page in pages { states.storeRelaxed(page, Self.toCopy) }
  }

  deinit {
    freeAll()
    unsafe memory.deallocate()
  }

  var isAbandoned: Bool { abandoned.load(ordering: .acquiring) }
  var isEnded: Bool { ended.load(ordering: .acquiring) }
  /// Bytes saved and not taken yet.
  var savedBytes: Int { heldBytes.load(ordering: .relaxed) }

  /// Pages that the lane copied since the cut.
  var savedPages: Int { saveCount.load(ordering: .relaxed) }

  /// The lane's, before its first change of the page in this epoch.
  ///
  /// - Parameter afterCopy: for tests: runs between the copy and the look at the word.
  func save(_ page: Int, afterCopy: () -> Void = {}) {
    guard page < states.count, states.loadAcquiring(page) == Self.toCopy else { return }
    if isEnded || isAbandoned { return }
    #if PLANTED
      if planted(.pageNotSavedBeforeItChanges) { return }
    #endif
    guard heldBytes.load(ordering: .relaxed) + ArenaLayout.pageBytes <= limitBytes else {
      // Before the change, as everything here: no copy of this page is taken for a clean one.
      abandoned.store(true, ordering: .releasing)
      return
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: ArenaLayout.pageBytes, alignment: 64)
    unsafe words(page).copy(into: copy)
    heldBytes.add(ArenaLayout.pageBytes, ordering: .relaxed)
    saveCount.add(1, ordering: .relaxed)
    afterCopy()
    guard let base = copy.baseAddress else { preconditionFailure("a page has bytes") }
    // Not where the snapshot's thread took the clean page meanwhile: nobody would take these.
    if !states.replace(page, Self.toCopy, with: UInt64(UInt(bitPattern: base))) {
      unsafe free(copy)
    }
  }

  /// The page as it was at the cut. The snapshot's thread's, once for each page.
  ///
  /// - Parameter afterCopy: for tests: runs between the copy and the look at the word.
  /// - Returns: false when the snapshot was abandoned.
  @unsafe
  func copy(
    _ page: Int, into target: UnsafeMutableRawBufferPointer, afterCopy: () -> Void = {}
  ) -> Bool {
    unsafe words(page).copy(into: target)
    afterCopy()
    atomicMemoryFence(ordering: .acquiring)
    let isClean = states.replace(page, Self.toCopy, with: 0)
    if !isClean, let saved = unsafe take(page) {
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(saved))
      unsafe free(saved)
    }
    return isUsable
  }

  private var isUsable: Bool {
    #if PLANTED
      if planted(.abandonedCutGoesOn) { return true }
    #endif
    return !isAbandoned
  }

  /// From here on nothing is saved; what was is given back. Any thread.
  func end() {
    ended.store(true, ordering: .releasing)
    freeAll()
  }

  private func words(_ page: Int) -> AtomicWords {
    let count = ArenaLayout.pageBytes / 8
    return arena.slice(page * count, count: count)
  }

  /// Whoever puts a 0 in the place of an address owns the bytes there.
  @unsafe
  private func take(_ page: Int) -> UnsafeMutableRawBufferPointer? {
    let word = states.loadAcquiring(page)
    guard word > Self.toCopy, states.replace(page, word, with: 0),
      let base = unsafe UnsafeMutableRawPointer(bitPattern: UInt(word))
    else { return nil }
    return unsafe UnsafeMutableRawBufferPointer(start: base, count: ArenaLayout.pageBytes)
  }

  /// Invariant: `saved` came from `take`, once.
  @unsafe
  private func free(_ saved: UnsafeMutableRawBufferPointer) {
    unsafe saved.deallocate()
    heldBytes.subtract(ArenaLayout.pageBytes, ordering: .relaxed)
  }

  private func freeAll() {
    for page in 0..<states.count {
      if let saved = unsafe take(page) { unsafe free(saved) }
    }
  }
}
