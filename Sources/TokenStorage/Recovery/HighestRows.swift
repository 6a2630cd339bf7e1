public import TokenCore

/// The highest row that each table must have room for, as a snapshot and the commits after it tell,
/// held against the tables that they are to go into.
public struct HighestRows: Sendable {
  // In the order of `TableUse.names`.
  private var rows = [Int](repeating: 0, count: TableUse.names.count)
  private let capacities: [Int]

  /// - Parameter limits: the tables to hold the rows against; nil = they have room for all.
  public init(_ limits: ArenaLimits?) {
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

  /// Notes a snapshot's rows. Returns why one has no room in its table.
  mutating func note(_ snapshot: SnapshotSummary) -> RecoveryRefusal? {
    note(snapshot.tables.indices.lazy.map { ($0, snapshot.tables[$0].highWater) }, snapshot.file)
  }

  /// Notes what a commit fills. Returns why a row has no room in its table: it must not be applied.
  public mutating func note(_ commit: JournaledCommit) -> RecoveryRefusal? {
    note(commit.effects.lazy.compactMap(Self.row), "position \(commit.position)")
  }

  private mutating func note(
    _ found: some Sequence<(table: Int, row: Int)>, _ place: @autoclosure () -> String
  ) -> RecoveryRefusal? {
    var refusal: RecoveryRefusal?
    for (table, row) in found {
      rows[table] = max(rows[table], row)
      if row > capacities[table], refusal == nil {
        refusal = .limitTooSmall(place(), TableUse.names[table], row, capacities[table])
      }
    }
    return refusal
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
