/// Depth and segments in one block behind one atomic word: word 0 of the block is the depth, words
/// 1 ... 2^depth are the addresses of the segments, by the hash's top `depth` bits.
///
/// A block's words may change under its readers (a split points half of a segment's words to the
/// new segment), its depth never does.
struct IndexDirectory: BitwiseCopyable {
  private let words: AtomicWords

  init(_ words: AtomicWords) { self.words = words }

  /// The block at an address that the root word holds.
  @inline(__always)
  init(address: UInt64) {
    let depth = unsafe AtomicWords(address: address, count: 1).loadRelaxed(0)
    unsafe words = AtomicWords(address: address, count: 1 + 1 &<< Int(depth))
  }

  static func wordCount(depth: Int) -> Int { 1 + 1 << depth }

  var address: UInt64 { words.address }
  @inline(__always)
  var depth: Int { Int(truncatingIfNeeded: words.loadRelaxed(0)) }

  @inline(__always)
  func place(_ hash: UInt64) -> Int {
    // Two shifts, because one by 64 (depth 0) is none.
    Int(truncatingIfNeeded: (hash &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- depth))
  }

  @inline(__always)
  func segmentAddress(_ place: Int) -> UInt64 { words.loadAcquiring(1 + place) }

  func setDepth(_ depth: Int) { words.storeRelaxed(0, UInt64(depth)) }

  func setSegment(_ place: Int, _ segment: IndexSegment) {
    words.storeReleasing(1 + place, segment.address)
  }
}
