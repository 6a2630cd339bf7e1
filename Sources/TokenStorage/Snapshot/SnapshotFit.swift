internal import TokenCore

/// Whether the tables of a snapshot have room in an arena. Tables may have grown.
enum SnapshotFit {
  /// Those whose size is a setting, `max-` and the table's name. The others have one size.
  static let tablesWithSetting: Set<String> = [
    "tokens", "grants", "families", "codes", "users", "apps", "scope-sets", "audiences",
    "audit-records",
  ]

  static func check(
    _ header: SnapshotHeader, _ limits: ArenaLimits, _ file: String
  ) throws(SnapshotFault) {
    for (name, needed) in zip(TableUse.names, header.highWaters) {
      let capacity = capacity(name, limits)
      guard needed > capacity else { continue }
      throw .refused(.limitTooSmall(file, name, needed, capacity))
    }
    guard limits.hasRows(of: header.limits) else {
      throw .refused(
        RecoveryRefusal(
          reason: .newerFormat, file: file, offset: nil,
          found: "rows of other sizes than this program's",
          advice: "start the version that wrote it; nothing here was changed"))
    }
  }

  static func capacity(_ table: String, _ limits: ArenaLimits) -> Int {
    switch table {
    case "tokens": limits.tokenCapacity
    case "scope-sets": limits.scopeSetCapacity
    case "audiences": limits.audienceCapacity
    case "apps": limits[.app].capacity
    case "users": limits[.user].capacity
    case "grants": limits[.grant].capacity
    case "families": limits[.family].capacity
    case "codes": limits[.code].capacity
    case "consents": limits[.consent].capacity
    case "tickets": limits[.ticket].capacity
    case "retries": limits[.retry].capacity
    case "audit-records": limits[.audit].capacity
    case "moments": limits[.moment].capacity
    case "keys": limits[.key].capacity
    default: limits[.setting].capacity
    }
  }
}

extension RecoveryRefusal {
  /// A table with fewer rows than are in use.
  public static func limitTooSmall(
    _ file: String, _ table: String, _ needed: Int, _ capacity: Int
  ) -> RecoveryRefusal {
    let hasSetting = SnapshotFit.tablesWithSetting.contains(table)
    return RecoveryRefusal(
      reason: .limitTooSmall, file: file, offset: nil,
      found: "row \(needed) of the table \(table) is in use, and "
        + (hasSetting ? "max-\(table) is \(capacity)" : "this program has \(capacity)"),
      advice: hasSetting
        ? "set max-\(table) to \(needed) or more, as it was"
        : "its size is no setting: start the version that wrote this; nothing here was changed")
  }
}
