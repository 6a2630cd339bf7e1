internal import TokenCore

/// Whether the tables of a snapshot have room in an arena. Tables may have grown.
enum SnapshotFit {
  static func check(
    _ header: SnapshotHeader, _ limits: ArenaLimits, _ file: String
  ) throws(SnapshotFault) {
    for (name, needed) in zip(TableUse.names, header.highWaters) {
      let capacity = capacity(name, limits)
      guard needed > capacity else { continue }
      let setting = setting(name)
      throw .refused(
        RecoveryRefusal(
          reason: .limitTooSmall, file: file, offset: nil,
          found: "\(needed) rows of the table \(name), and \(setting) = \(capacity)",
          advice: "set \(setting) to \(needed) or more; a table shrinks only by itself"))
    }
    let isSameRow = RecordKind.allCases.allSatisfy {
      limits[$0].strideBytes == header.limits[$0].strideBytes
    }
    guard isSameRow, limits.scopeSetMaxBytes == header.limits.scopeSetMaxBytes,
      limits.audienceMaxBytes == header.limits.audienceMaxBytes
    else {
      throw .refused(
        RecoveryRefusal(
          reason: .newerFormat, file: file, offset: nil,
          found: "rows of other sizes than this program's",
          advice: "start the version that wrote it; nothing here was changed"))
    }
  }

  private static func setting(_ table: String) -> String { "max-\(table)" }

  private static func capacity(_ table: String, _ limits: ArenaLimits) -> Int {
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
