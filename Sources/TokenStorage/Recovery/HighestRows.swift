public import TokenCore

/// The highest row that each table must have room for, as a snapshot and the commits after it tell,
/// held against the tables that they are to go into.
public struct HighestRows: Sendable {
  // In the order of `Table`.
  private var rows = [Int](repeating: 0, count: Table.allCases.count)
  private let limits: ArenaLimits?

  /// - Parameter limits: the tables to hold the rows against; nil = they have room for all.
  public init(_ limits: ArenaLimits?) { self.limits = limits }

  /// The tables whose size is a setting and that have any row, with the highest: at least so much
  /// must `max-` and the name be.
  public var withSetting: [(table: String, row: Int)] {
    Table.allCases.filter { rows[$0.rawValue] > 0 && $0.hasSetting }
      .map { ($0.name, rows[$0.rawValue]) }
  }

  /// Notes a snapshot's rows. Returns why one has no room in its table.
  mutating func note(_ snapshot: SnapshotSummary) -> RecoveryRefusal? {
    var refusal: RecoveryRefusal?
    for (table, use) in zip(Table.allCases, snapshot.tables) where !note(table, use.highWater) {
      refusal = refusal ?? self.refusal(snapshot.file, table, use.highWater)
    }
    return refusal
  }

  /// Notes what a commit fills and names. Returns why a row has no room in its table.
  public mutating func note(_ commit: JournaledCommit) -> RecoveryRefusal? {
    var found: [(table: Table, row: Int)] = []
    for effect in commit.effects { effect.forEachRow { found.append(($0, $1)) } }
    var refusal: RecoveryRefusal?
    for (table, row) in found where !note(table, row) {
      refusal = refusal ?? self.refusal("position \(commit.position)", table, row)
    }
    return refusal
  }

  /// False where the table has no such row.
  private mutating func note(_ table: Table, _ row: Int) -> Bool {
    rows[table.rawValue] = max(rows[table.rawValue], row)
    return row <= limits?.capacity(table) ?? .max
  }

  private func refusal(_ place: String, _ table: Table, _ row: Int) -> RecoveryRefusal {
    .limitTooSmall(place, table, row, limits?.capacity(table) ?? .max)
  }
}
