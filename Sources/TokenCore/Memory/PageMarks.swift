/// Which pages of the arena were changed, and the one hook that every change passes.
///
/// A page's mark is the epoch in which it was last changed. The first change of a page in an epoch
/// goes through ``firstChange(page:epoch:)`` *before* the change is made: the place where a
/// snapshot under way has the page copied.
struct PageMarks: BitwiseCopyable, Sendable {
  /// Word 0 is the epoch, word 1 + page that page's mark.
  private let words: AtomicWords

  static func wordCount(coveringBytes bytes: Int) -> Int { 1 + bytes / ArenaLayout.pageBytes }

  init(_ words: AtomicWords) { self.words = words }

  /// To be called by the commit lane before it stores to any of these bytes of the arena.
  @inline(__always)
  func willChange(byteOffset: Int, byteCount: Int) {
    let epoch = words.loadRelaxed(0)
    let last = (byteOffset + byteCount - 1) / ArenaLayout.pageBytes
    var page = byteOffset / ArenaLayout.pageBytes
    while page <= last {
      if words.loadRelaxed(1 + page) != epoch { firstChange(page: page, epoch: epoch) }
      page += 1
    }
  }

  private func firstChange(page: Int, epoch: UInt64) {
    words.storeReleasing(1 + page, epoch)
  }

  /// Starts the next epoch; the lane's. The first epoch is 1, so that a zero mark is "never".
  func advanceEpoch() { words.storeReleasing(0, words.loadRelaxed(0) + 1) }

  var epoch: UInt64 { words.loadAcquiring(0) }

  /// Whether the page was changed in the current epoch.
  func isTouched(page: Int) -> Bool { words.loadAcquiring(1 + page) == epoch }
}
