/// All tables as they were at one position, for one thread to copy page by page while the lane goes
/// on. See ``ServiceState/beginSnapshot(savedLimitBytes:)``.
public struct SnapshotCut: Sendable {
  /// The last commit in it.
  public let position: UInt64
  public let layout: ArenaLayout
  /// Every table, in the order of ``TableUse/names``.
  public let tables: [TableUse]
  /// The pages that were ever changed, lowest first; all others hold zeros.
  public let pages: [Int]
  let saved: SavedPages

  /// Past its limit of saved bytes the snapshot is given up: begin another one later.
  public var isAbandoned: Bool { saved.isAbandoned }

  /// Blocks of ``ArenaLayout/blockBytes`` that commits copied so far, before their first change.
  /// Any thread.
  public var blocksCopied: Int { saved.savedBlocks }

  /// The page as it was at the cut, 65,536 bytes. Each page once. Costs a copy, and never makes the
  /// lane wait.
  ///
  /// - Returns: false when the snapshot was abandoned; the bytes then mean nothing.
  @unsafe
  public func copyPage(_ page: Int, into target: UnsafeMutableRawBufferPointer) -> Bool {
    unsafe saved.copy(page, into: target)
  }

  /// To be called, by any thread, when no page is needed any more: the lane saves no more of them.
  public func end() { saved.end() }
}

/// How much of a table was in use.
public struct TableUse: Equatable, Sendable {
  public var name: String
  /// Rows that hold something.
  public var live: Int
  /// The highest row that ever did: what another arena must have room for.
  public var highWater: Int
  public var capacity: Int

  public init(name: String, live: Int, highWater: Int, capacity: Int) {
    self.name = name
    self.live = live
    self.highWater = highWater
    self.capacity = capacity
  }

  /// The tables, in the order of the snapshot format: append only.
  public static let names = [
    "tokens", "scope-sets", "audiences", "apps", "users", "grants", "families", "codes",
    "consents", "tickets", "retries", "audit-records", "moments", "keys", "settings",
  ]
}
