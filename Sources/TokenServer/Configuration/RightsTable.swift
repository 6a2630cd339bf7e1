public import TokenWire

/// Who may do what, with the names of accounts turned into numbers: built once at start.
///
/// A peer's rights are the union of every `allow` line that names its uid or one of its groups; the
/// daemon's own uid and root hold all of them. The listener's ceiling cuts the union, also for
/// root. Everybody else has nothing.
public struct RightsTable: Sendable {
  private let ownUid: UInt32
  private var byUid: [UInt32: RightSet] = [:]
  private var byGid: [UInt32: RightSet] = [:]

  /// Resolves the rules; `userNumber` and `groupNumber` answer nil for an account that the system
  /// does not know.
  public init(
    rules: [AllowRule], ownUid: UInt32, userNumber: (String) -> UInt32?,
    groupNumber: (String) -> UInt32?
  ) throws(ConfigurationError) {
    self.ownUid = ownUid
    for rule in rules {
      switch rule.subject {
      case .user(let name):
        let uid = try Self.number(name, "user", "uid", userNumber)
        byUid[uid, default: []].formUnion(rule.rights)
      case .group(let name):
        let gid = try Self.number(name, "group", "gid", groupNumber)
        byGid[gid, default: []].formUnion(rule.rights)
      }
    }
  }

  /// What a peer may do on a socket with this ceiling. Once per connection.
  public func rights(uid: UInt32, groups: [UInt32], ceiling: RightSet) -> RightSet {
    if uid == 0 || uid == ownUid { return ceiling }
    var rights = byUid[uid] ?? []
    for gid in groups { rights.formUnion(byGid[gid] ?? []) }
    return rights.intersection(ceiling)
  }

  /// What a refused peer is told: its uid, the right, and the line that would allow it. `needed`
  /// are the rights of which one would do.
  public static func refusal(
    uid: UInt32, needed: RightSet, ceiling: RightSet, listenerPath: String
  ) -> String {
    let within = RightSet.named.first { needed.contains($0.right) && ceiling.contains($0.right) }
    if let within {
      return "uid \(uid) has no right \(within.name) on \(listenerPath); "
        + "to allow it add \"allow = uid:\(uid) rights=\(within.name)\""
    }
    return "uid \(uid) has no right \(needed.names) on \(listenerPath), where the most is "
      + "\(ceiling.names); use another socket, or add the right to this one's rights="
  }

  private static func number(
    _ name: AccountName, _ what: String, _ prefix: String, _ lookUp: (String) -> UInt32?
  ) throws(ConfigurationError) -> UInt32 {
    switch name {
    case .number(let number): return number
    case .name(let name):
      if let number = lookUp(name) { return number }
      throw ConfigurationError(
        .badValue, .settings, "allow = \(prefix):\(name) names no \(what) of this system",
        "create the \(what), correct the name, or use its number")
    }
  }
}
