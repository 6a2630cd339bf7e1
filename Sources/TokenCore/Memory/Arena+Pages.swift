// Loading: before any table looks at the arena.

extension Arena {
  /// The durable pages but for the first, which says what the arena is.
  static func durablePages(_ layout: ArenaLayout) -> Range<Int> {
    1..<layout.durableByteCount / ArenaLayout.pageBytes
  }

  /// Whether the page belongs to a table.
  public func holdsTable(page: Int) -> Bool { Self.durablePages(layout).contains(page) }

  /// Which page holds here what a page holds in an arena of another layout: the same page of the
  /// same table. nil where there is none, or where the table's rows have another size.
  public func place(ofPage page: Int, in other: ArenaLayout) -> Int? {
    guard let (section, offset) = other.section(ofPage: page) else { return nil }
    let range = layout.range(section)
    guard offset < range.count, layout.limits.rowBytes(section) == other.limits.rowBytes(section)
    else { return nil }
    return (range.lowerBound + offset) / ArenaLayout.pageBytes
  }

  /// Fills a page. To be called before the first table is made over the arena.
  @unsafe
  public func load(page: Int, from bytes: UnsafeRawBufferPointer) {
    marks.setUsed(page: page, true)
    unsafe words(ofPage: page).fill(from: bytes)
  }

  /// Zeros a page that was loaded. As ``load(page:from:)``.
  public func clear(page: Int) {
    let zeros = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    unsafe zeros.withUnsafeBytes { unsafe words(ofPage: page).fill(from: $0) }
    marks.setUsed(page: page, false)
  }

  private func words(ofPage page: Int) -> AtomicWords {
    precondition(Self.durablePages(layout).contains(page), "only a durable page can be loaded")
    let count = ArenaLayout.pageBytes / 8
    return words.slice(page * count, count: count)
  }
}

extension ArenaLimits {
  /// What must be the same for a table's pages to mean the same; 0 = nothing.
  func rowBytes(_ section: ArenaSection) -> Int {
    switch section {
    case .records(let kind): self[kind].strideBytes
    case .scopeSets: scopeSetMaxBytes
    case .audiences: audienceMaxBytes
    default: 0
    }
  }
}
