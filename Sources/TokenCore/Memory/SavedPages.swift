import Synchronization

/// The old bytes of what the lane changed while a snapshot was being copied: blocks of 4 KiB, since
/// a change is a record, and a page of 64 KiB for each would fill memory and the lane's time.
///
/// One word for each page of the arena: 0 = no part of the snapshot, or done with; 1 = still to be
/// copied, and nothing was saved; else the address of the block that the lane saved last. But for
/// the allocator the lane never waits here, and neither does the snapshot's thread:
///
/// - lane, before its first change of a block of a page that is still to be copied: save the bytes,
///   put them before the page's list (release) unless the word is 0 by now, store the mark, release
///   fence; only then change the block;
/// - snapshot's thread: copy the page by relaxed loads, acquire fence, *then* take the list. If any
///   of those loads had seen a change, the two fences would make the block visible, too. So what is
///   not in the list was copied clean, even while the lane is saving.
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

  /// Blocks that the lane copied since the cut.
  var savedBlocks: Int { saveCount.load(ordering: .relaxed) }

  /// The lane's, before its first change of the block in this epoch.
  ///
  /// - Parameter afterCopy: for tests: runs between the copy and the look at the word.
  func save(block: Int, afterCopy: () -> Void = {}) {
    let (page, blockInPage) = block.quotientAndRemainder(dividingBy: ArenaLayout.blocksPerPage)
    guard page < states.count, states.loadAcquiring(page) != 0 else { return }
    if isEnded || isAbandoned { return }
    #if PLANTED
      if planted(.pageNotSavedBeforeItChanges) { return }
    #endif
    guard heldBytes.load(ordering: .relaxed) + ArenaLayout.blockBytes <= limitBytes else {
      // Before the change, as everything here: no copy of this page is taken for a clean one.
      abandoned.store(true, ordering: .releasing)
      return
    }
    let saved = unsafe SavedBlock(words(block: block), blockInPage: blockInPage)
    heldBytes.add(ArenaLayout.blockBytes, ordering: .relaxed)
    saveCount.add(1, ordering: .relaxed)
    afterCopy()
    let first = states.loadAcquiring(page)
    unsafe saved.setNext(first == Self.toCopy ? 0 : first)
    #if PLANTED
      if planted(.savedBlockForgotten) { unsafe saved.setNext(0) }
    #endif
    // Not where the snapshot's thread took the page meanwhile: nobody would take these. It is the
    // only other one to change the word, and to nothing but 0.
    if unsafe first == 0 || !states.replace(page, first, with: saved.address) {
      unsafe free(saved)
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
    var next = unsafe take(page)
    while let saved = unsafe next {
      unsafe next = saved.next
      unsafe saved.restore(into: target)
      unsafe free(saved)
    }
    return isUsable
  }

  private var isUsable: Bool {
    #if PLANTED
      if planted(.abandonedCutGoesOn) { return true }
    #endif
    // Ended: what was saved may have been given back before it was taken.
    return !isAbandoned && !isEnded
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

  private func words(block: Int) -> AtomicWords {
    let count = ArenaLayout.blockBytes / 8
    return arena.slice(block * count, count: count)
  }

  /// Ends the page's part and takes what was saved of it: whoever puts the 0 in the place of an
  /// address owns the list there.
  @unsafe
  private func take(_ page: Int) -> SavedBlock? {
    while true {
      let word = states.loadAcquiring(page)
      if word == 0 { return nil }
      if states.replace(page, word, with: 0) {
        return word == Self.toCopy ? nil : unsafe SavedBlock(address: word)
      }
    }
  }

  /// Invariant: `saved` was never in a list, or came from `take`, once.
  @unsafe
  private func free(_ saved: SavedBlock) {
    unsafe saved.free()
    heldBytes.subtract(ArenaLayout.blockBytes, ordering: .relaxed)
  }

  private func freeAll() {
    for page in 0..<states.count {
      var next = unsafe take(page)
      while let saved = unsafe next {
        unsafe next = saved.next
        unsafe free(saved)
      }
    }
  }
}
