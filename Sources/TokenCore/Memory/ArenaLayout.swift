/// What a span of the arena holds. The order is the order in memory.
enum ArenaSection: Hashable {
  case header
  case tokens
  case scopeSets, audiences
  case grantGates, appGates, userGates
  case control
  case records(RecordKind)
  /// From here on nothing is durable: words that recovery sets, and the page marks.
  case runtime
  case marks
}

/// Where every table lies in the arena: fixed offsets that follow from the limits alone, so the
/// memory can be reserved before anything is written to it.
///
/// Every section starts on a page of ``pageBytes``; a page never holds two tables.
public struct ArenaLayout: Equatable, Sendable {
  /// The unit of the snapshot cut and of the page marks.
  public static let pageBytes = 65_536
  /// The unit of what the lane copies before it changes it while a snapshot is under way.
  public static let blockBytes = 4_096
  static let blocksPerPage = pageBytes / blockBytes

  public let limits: ArenaLimits
  /// Bytes to reserve: a multiple of ``pageBytes``.
  public let byteCount: Int
  /// The first bytes of the arena, which a snapshot covers; the rest is set at start.
  public let durableByteCount: Int
  private let places: [ArenaSection: Range<Int>]

  public init(_ limits: ArenaLimits) {
    if let fault = limits.fault { preconditionFailure(fault) }
    var places: [ArenaSection: Range<Int>] = [:]
    var end = 0
    func add(_ section: ArenaSection, bytes: Int) {
      places[section] = end..<end + bytes
      end += (bytes + Self.pageBytes - 1) / Self.pageBytes * Self.pageBytes
    }
    add(.header, bytes: ArenaHeader.byteCount)
    add(.tokens, bytes: (limits.tokenCapacity + 1) * TokenSlab.strideBytes)
    add(
      .scopeSets,
      bytes: TextTable.byteCount(
        capacity: limits.scopeSetCapacity, maxBytes: limits.scopeSetMaxBytes))
    add(
      .audiences,
      bytes: TextTable.byteCount(
        capacity: limits.audienceCapacity, maxBytes: limits.audienceMaxBytes))
    add(.grantGates, bytes: (limits[.grant].capacity + 1) * 8)
    add(.appGates, bytes: (limits[.app].capacity + 1) * 8)
    add(.userGates, bytes: (limits[.user].capacity + 1) * 8)
    add(.control, bytes: Gates.controlWordCount * 8)
    for kind in RecordKind.allCases {
      add(.records(kind), bytes: (limits[kind].capacity + 1) * limits[kind].strideBytes)
    }
    durableByteCount = end
    add(.runtime, bytes: Gates.runtimeWordCount * 8)
    add(.marks, bytes: PageMarks.wordCount(coveringBytes: end) * 8)
    self.limits = limits
    self.places = places
    byteCount = end
  }

  /// Bytes of the section, in the arena.
  func range(_ section: ArenaSection) -> Range<Int> {
    guard let range = places[section] else { preconditionFailure("no such section") }
    return range
  }

  /// Bytes that look-ups of tokens touch here and there: where pages are small, each such touch in
  /// a large table misses the processor's table of pages.
  public var lookedUpRanges: [Range<Int>] {
    let sections: [ArenaSection] = [.tokens, .grantGates, .userGates, .records(.user)]
    return sections.map(range)
  }

  /// The durable section that a page belongs to, and the page's offset in it; nil for the arena's
  /// first page and for those that hold nothing durable.
  func section(ofPage page: Int) -> (section: ArenaSection, offset: Int)? {
    guard page > 0, page < durableByteCount / Self.pageBytes else { return nil }
    let offset = page * Self.pageBytes
    // A section's last page is its own to the end.
    let found = places.filter { $0.value.lowerBound <= offset }
      .max { $0.value.lowerBound < $1.value.lowerBound }
    return found.map { ($0.key, offset - $0.value.lowerBound) }
  }
}
