/// Where an index gets its memory from: zeroed bytes, aligned to 64, that stay until the index ends.
///
/// The default takes them from the allocator and gives them back with the index. The daemon passes a
/// function that maps them with huge pages instead.
struct IndexMemory: ~Copyable {
  /// Bytes wanted to their address; they are never given back.
  private let map: IndexMapping?
  private var owned: [OwnedBytes] = []
  private var segments: AtomicWords?
  private var segmentsLeft = 0
  private var nextChunk = 1
  private(set) var byteCount = 0

  /// Segments come in chunks that double up to 16 MiB.
  private static let maxChunk = 512

  init(_ map: IndexMapping?) { self.map = map }

  /// A run of zeroed words.
  mutating func words(_ count: Int) -> AtomicWords {
    let words = reserve(count)
    if map == nil { clear(words) }
    return words
  }

  private mutating func reserve(_ count: Int) -> AtomicWords {
    byteCount += count * 8
    if let map {
      return unsafe AtomicWords(map.zeroed(byteCount: count * 8), count: count)
    }
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    unsafe owned.append(OwnedBytes(bytes))
    return unsafe AtomicWords(bytes, count: count)
  }

  private func clear(_ words: AtomicWords) {
    for index in 0..<words.count { words.storeRelaxed(index, 0) }
  }

  /// A zeroed segment. Allocated memory is cleared segment by segment, so that a new chunk does not
  /// make one insertion wait for all of it.
  mutating func segment() -> IndexSegment {
    if segmentsLeft == 0 {
      segments = reserve(nextChunk * IndexSegment.wordCount)
      segmentsLeft = nextChunk
      nextChunk = min(nextChunk * 2, Self.maxChunk)
    }
    guard let segments else { preconditionFailure("no chunk of segments") }
    segmentsLeft -= 1
    let words = segments.slice(
      segmentsLeft * IndexSegment.wordCount, count: IndexSegment.wordCount)
    if map == nil { clear(words) }
    return IndexSegment(words)
  }

  deinit {
    for bytes in owned { bytes.free() }
  }
}

/// Maps zeroed memory for an index.
@safe
public struct IndexMapping: Sendable {
  private let map: @Sendable (Int) -> UnsafeMutableRawPointer

  /// - Parameter map: a byte count to that many zeroed bytes, aligned to 64, never unmapped.
  @unsafe
  public init(_ map: @escaping @Sendable (Int) -> UnsafeMutableRawPointer) {
    unsafe self.map = map
  }

  @unsafe
  func zeroed(byteCount: Int) -> UnsafeMutableRawPointer { unsafe map(byteCount) }
}

/// Memory that the index allocated itself.
@safe
private struct OwnedBytes {
  private let base: UnsafeMutableRawPointer
  init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }
  func free() { unsafe base.deallocate() }
}
