/// One zeroed region of memory cut into page-aligned spans, one for each table, so that one
/// snapshot cut covers them all. It owns nothing: the region is reserved elsewhere and is never
/// unmapped while a table, or a reader of one, is in use.
public struct Arena: Sendable {
  /// What the bytes in every table mean; a snapshot says it.
  public static var formatVersion: UInt32 { UInt32(ArenaHeader.formatVersion) }

  public let layout: ArenaLayout
  let words: AtomicWords
  let marks: PageMarks

  /// - Parameter memory: `layout.byteCount` bytes, aligned to 64 or more, zeroed or holding an
  ///   arena of the same layout, accessed through no other way from here on.
  /// - Returns: nil when the memory holds an arena of another format version or other limits.
  @unsafe
  public init?(_ memory: UnsafeMutableRawBufferPointer, layout: ArenaLayout) {
    precondition(memory.count >= layout.byteCount, "the arena's memory is too short")
    guard let base = memory.baseAddress else { preconditionFailure("the arena has no memory") }
    precondition(UInt(bitPattern: base) % 64 == 0, "the arena's memory is not aligned to 64")
    self.layout = layout
    unsafe words = AtomicWords(base, count: layout.byteCount / 8)
    let marked = layout.range(.marks)
    marks = PageMarks(words.slice(marked.lowerBound / 8, count: marked.count / 8))
    marks.forgetSaved()
    if marks.epoch == 0 { marks.advanceEpoch() }
    let header = layout.range(.header)
    marks.willChange(byteOffset: header.lowerBound, byteCount: header.count)
    guard
      ArenaHeader(words.slice(header.lowerBound / 8, count: header.count / 8))
        .establish(layout.limits)
    else { return nil }
  }

  func span(_ section: ArenaSection) -> ArenaSpan {
    let range = layout.range(section)
    return ArenaSpan(
      words: words.slice(range.lowerBound / 8, count: range.count / 8),
      byteOffset: range.lowerBound, marks: marks)
  }
}

/// One table's bytes in the arena. Readers take ``words``; the writer calls ``willChange`` first.
struct ArenaSpan: BitwiseCopyable, Sendable {
  let words: AtomicWords
  let byteOffset: Int
  let marks: PageMarks

  /// To be called before words `first ..< first + count` of this span are stored to.
  @inline(__always)
  func willChange(word first: Int, count: Int) {
    marks.willChange(byteOffset: byteOffset + first * 8, byteCount: count * 8)
  }
}
