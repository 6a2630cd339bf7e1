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

  /// Fills the rows that lie in a page of an arena whose rows of that table are whole cache lines
  /// (``ArenaLimits/hasRows(of:)``) and here are not. As ``load(page:from:)``.
  ///
  /// - Returns: the pages that have them here; nil, and nothing is filled, where the page is of no
  ///   such table, or holds more than rows that this arena has.
  @unsafe
  public func loadRows(
    ofPage page: Int, in other: ArenaLayout, from bytes: UnsafeRawBufferPointer
  ) -> Range<Int>? {
    guard let (section, offset) = other.section(ofPage: page), case .records(let kind) = section
    else { return nil }
    let (limits, wide) = (layout.limits[kind], other.limits[kind].strideBytes)
    guard wide == limits.wholeLineStrideBytes, wide != limits.strideBytes else { return nil }
    let first = layout.range(section).lowerBound / 8
    /// Where a word of the page goes; nil where it lies in no row.
    func target(_ index: Int) -> Int? {
      let (row, place) = (offset / 8 + index).quotientAndRemainder(dividingBy: wide / 8)
      guard place < limits.strideBytes / 8, row <= limits.capacity else { return nil }
      return first + row * (limits.strideBytes / 8) + place
    }
    var found: [(place: Int, word: UInt64)] = []
    for index in 0..<ArenaLayout.pageBytes / 8 {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
      guard word != 0 else { continue }
      guard let place = target(index) else { return nil }
      found.append((place, word))
    }
    var pages = 0..<0
    for (place, word) in found {
      let filled = place * 8 / ArenaLayout.pageBytes
      pages = (pages.isEmpty ? filled : pages.lowerBound)..<filled + 1
      words.storeRelaxed(place, word)
    }
    for filled in pages { marks.setUsed(page: filled, true) }
    return pages
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
  /// Whether the rows of another arena's tables can be loaded here: as long as here, or whole cache
  /// lines as the first versions had them.
  public func hasRows(of other: ArenaLimits) -> Bool {
    scopeSetMaxBytes == other.scopeSetMaxBytes && audienceMaxBytes == other.audienceMaxBytes
      && RecordKind.allCases.allSatisfy {
        other[$0].strideBytes == self[$0].strideBytes
          || other[$0].strideBytes == self[$0].wholeLineStrideBytes
      }
  }

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
