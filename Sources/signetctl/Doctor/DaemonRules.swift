internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// The daemon's `listen` and `allow` lines, as STATUS tells them to administrators.
struct DaemonRules: Equatable {
  struct Listener: Equatable {
    let path: String
    /// The most that anybody may do there.
    let ceiling: RightSet
    /// The admin socket's line names no rights.
    let isAdmin: Bool
  }

  /// One `allow` line: `uid:33 rights=validate`.
  struct Rule: Equatable {
    let isUser: Bool
    let account: String
    let rights: RightSet
  }

  private(set) var listeners: [Listener] = []
  private(set) var rules: [Rule] = []

  init(facts: [(name: String, value: String)]) {
    for (name, value) in facts {
      let words = value.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      let written = words.dropFirst().first { $0.hasPrefix("rights=") }
      let rights = written.map { Self.rights(String($0.dropFirst(7))) }
      if name.hasPrefix("socket.") {
        listeners.append(
          Listener(path: first, ceiling: rights ?? .all, isAdmin: rights == nil))
      } else if name.hasPrefix("allow."), let rights {
        let isUser = first.hasPrefix("uid:")
        if isUser || first.hasPrefix("gid:") {
          rules.append(
            Rule(isUser: isUser, account: String(first.dropFirst(4)), rights: rights))
        }
      }
    }
  }

  private static func rights(_ text: String) -> RightSet {
    text == "all"
      ? .all
      : text.split(separator: ",").reduce(into: []) { rights, name in
        if let right = RightSet(name: name.utf8) { rights.formUnion(right) }
      }
  }

  /// What the `allow` lines give the subject. Root and the daemon's own uid have everything.
  func granted(
    to subject: AccessSubject, daemonUid: UInt32?,
    number: (_ account: String, _ isUser: Bool) -> UInt32?
  ) -> RightSet {
    if subject.uid == 0 || subject.uid == daemonUid { return .all }
    return rules.reduce(into: []) { rights, rule in
      guard let id = number(rule.account, rule.isUser) else { return }
      let applies = rule.isUser ? id == subject.uid : subject.gids.contains(id)
      if applies { rights.formUnion(rule.rights) }
    }
  }

  /// The number of an account of this host.
  static func accountNumber(_ account: String, _ isUser: Bool) -> UInt32? {
    if let number = UInt32(account) { return number }
    if isUser { return ((try? UserAccount.find(account)) ?? nil)?.id }
    return ((try? GroupAccount.find(account)) ?? nil)?.id
  }
}
