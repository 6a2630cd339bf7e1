internal import TokenCore

/// The highest row that each table must have room for, as a snapshot and the commits after it tell.
public struct HighestRows: Sendable {
  /// A row that a table has no room for.
  typealias Outside = (table: String, row: Int, capacity: Int)

  // In the order of `TableUse.names`.
  private var rows = [Int](repeating: 0, count: TableUse.names.count)
  private let capacities: [Int]

  /// - Parameter limits: the tables to hold the rows against; nil = they have room for all.
  init(_ limits: ArenaLimits?) {
    capacities = TableUse.names.map { name in
      limits.map { SnapshotFit.capacity(name, $0) } ?? .max
    }
  }

  /// The tables whose size is a setting and that have any row, with the highest: at least so much
  /// must `max-` and the name be.
  public var withSetting: [(table: String, row: Int)] {
    zip(TableUse.names, rows).filter { $0.1 > 0 && SnapshotFit.tablesWithSetting.contains($0.0) }
      .map { ($0.0, $0.1) }
  }

  /// Notes a snapshot's rows. Returns the first one outside of its table.
  mutating func note(_ snapshot: SnapshotSummary) -> Outside? {
    note(snapshot.tables.indices.lazy.map { ($0, snapshot.tables[$0].highWater) })
  }

  /// Notes what a commit fills. Returns the first row outside of its table.
  mutating func note(_ effects: [Effect]) -> Outside? {
    note(effects.lazy.compactMap(Self.row))
  }

  private mutating func note(_ found: some Sequence<(table: Int, row: Int)>) -> Outside? {
    var outside: Outside?
    for (table, row) in found {
      rows[table] = max(rows[table], row)
      if row > capacities[table], outside == nil {
        outside = (TableUse.names[table], row, capacities[table])
      }
    }
    return outside
  }

  /// The row that an effect fills, with the number of its table; nil where it needs no room.
  static func row(of effect: Effect) -> (table: Int, row: Int)? {
    switch effect {
    case .tokenIssued(let slot, _): (0, Int(slot))
    case .scopeSet(let id, _): (1, Int(id))
    case .audience(let id, _): (2, Int(id))
    case .app(let slot, _): (3, Int(slot))
    case .user(let slot, _): (4, Int(slot))
    case .grant(let slot, _): (5, Int(slot))
    case .family(let slot, _): (6, Int(slot))
    case .code(let slot, _): (7, Int(slot))
    case .consent(let slot, _): (8, Int(slot))
    case .ticketUsed(let slot, _): (9, Int(slot))
    case .retry(let slot, _): (10, Int(slot))
    case .audit(let slot, _): (11, Int(slot))
    default: nil
    }
  }
}
