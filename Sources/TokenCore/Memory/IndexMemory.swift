/// Where an index gets its memory from: zeroed words, aligned to 64, that stay until the index
/// ends.
struct IndexMemory: ~Copyable {
  private let mapping: IndexMapping?
  private var owned: [OwnedBytes] = []
  private var chunk: AtomicWords?
  private var segmentsLeft = 0
  private var nextChunk = 1
  private(set) var byteCount = 0

  /// Segments come in chunks that double up to what a huge page of 2 MiB has room for.
  fileprivate static let maxChunk = 63

  /// - Parameter mapping: where segments come from; nil: the allocator.
  init(_ mapping: IndexMapping?) { self.mapping = mapping }

  /// Zeroed words from the allocator, for a directory.
  mutating func words(_ count: Int) -> AtomicWords {
    let words = allocate(count)
    clear(words)
    return words
  }

  /// A zeroed segment. Allocated memory is cleared segment by segment, so that a new chunk does not
  /// make one insertion wait for all of it.
  mutating func segment() -> IndexSegment {
    if segmentsLeft == 0 {
      let count = nextChunk * IndexSegment.wordCount
      chunk = mapping.map { map(count, $0) } ?? allocate(count)
      segmentsLeft = nextChunk
      nextChunk = min(nextChunk * 2, Self.maxChunk)
    }
    guard let chunk else { preconditionFailure("no chunk of segments") }
    segmentsLeft -= 1
    let words = chunk.slice(
      segmentsLeft * IndexSegment.wordCount, count: IndexSegment.wordCount)
    if mapping == nil { clear(words) }
    return IndexSegment(words)
  }

  private mutating func map(_ count: Int, _ mapping: IndexMapping) -> AtomicWords {
    byteCount += count * 8
    return unsafe AtomicWords(mapping.zeroed(byteCount: count * 8), count: count)
  }

  private mutating func allocate(_ count: Int) -> AtomicWords {
    byteCount += count * 8
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    unsafe owned.append(OwnedBytes(bytes))
    return unsafe AtomicWords(bytes, count: count)
  }

  private func clear(_ words: AtomicWords) {
    for index in 0..<words.count { words.storeRelaxed(index, 0) }
  }

  deinit {
    for bytes in owned { bytes.free() }
  }
}

/// Maps zeroed memory for an index, with huge pages if the system has them.
@safe
public struct IndexMapping: Sendable {
  /// Bytes of the largest pieces, of which a large index has most of its segments.
  public static let largestByteCount = IndexMemory.maxChunk * IndexSegment.wordCount * 8

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
