public import TokenCore

/// Whether a snapshot's tables have room in an arena. Tables may have grown.
enum SnapshotFit {
  /// - Parameter arena: the tables that there are; nil = as large as they need to be.
  static func check(
    _ header: SnapshotHeader, _ arena: ArenaLimits?, _ file: String
  ) throws(SnapshotFault) {
    if let arena {
      for table in Table.allCases {
        let (needed, capacity) = (header.highWaters[table.rawValue], arena.capacity(table))
        guard needed > capacity else { continue }
        throw .refused(.limitTooSmall(file, table, needed, capacity))
      }
    }
    guard (arena ?? TableSizes().arenaLimits).hasRows(of: header.limits) else {
      throw .refused(
        RecoveryRefusal(
          reason: .newerFormat, file: file, offset: nil,
          found: "rows of other sizes than this program's",
          advice: "start the version that wrote it; nothing here was changed"))
    }
  }
}

extension Table {
  /// Whether the table's size is a setting, `max-` and its name. The others have one size.
  var hasSetting: Bool {
    switch self {
    case .tokens, .grants, .families, .codes, .users, .apps, .scopeSets, .audiences, .auditRecords:
      true
    case .consents, .tickets, .retries, .moments, .keys, .settings: false
    }
  }
}

extension RecoveryRefusal {
  /// A table with fewer rows than are in use.
  public static func limitTooSmall(
    _ file: String, _ table: Table, _ needed: Int, _ capacity: Int
  ) -> RecoveryRefusal {
    RecoveryRefusal(
      reason: .limitTooSmall, file: file, offset: nil,
      found: "row \(needed) of the table \(table.name) is in use, and "
        + (table.hasSetting ? "max-\(table.name) is \(capacity)" : "this program has \(capacity)"),
      advice: table.hasSetting
        ? "set max-\(table.name) to \(needed) or more, as it was"
        : "its size is no setting: start the version that wrote this; nothing here was changed")
  }

  /// A commit that cannot be performed.
  public init(_ fault: ReplayFault, position: UInt64) {
    switch fault {
    case .noRoom(let table, let row, let capacity):
      self = .limitTooSmall("position \(position)", table, row, capacity)
    case .impossible(let what):
      self = .damaged(
        "position \(position)", "a commit that cannot have happened: \(what)",
        "no version writes such a journal: restore a backup; the files here were left as they are")
    }
  }
}
