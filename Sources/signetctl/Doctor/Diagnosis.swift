internal import LinuxIO
internal import TokenWire

/// What stands between a uid and the service, and the lines that would remove it.
struct Diagnosis {
  let subject: AccessSubject
  let walk: PathWalk
  let needed: RightSet
  /// The rights that the subject would have once connected; nil when this caller cannot know.
  var rights: RightSet?
  /// The socket's listener, when the daemon told.
  var listener: DaemonRules.Listener?

  /// Nil when it could not be seen to the end.
  var canConnect: Bool? {
    for step in walk.steps {
      switch step.finding {
      case .missing, .notADirectory: return false
      case .hidden: return nil
      case .found(let status):
        if !status.allows(subject, need(status)) { return false }
        if status.kind != .directory && status.kind != .socket { return false }
      }
    }
    return walk.last?.kind == .socket
  }

  var hasRight: Bool? { rights.map { $0.isSuperset(of: needed) } }

  private func need(_ status: FileStatus) -> AccessNeed {
    status.kind == .directory ? .search : .write
  }

  var rows: [[Field]] { walk.steps.map(row) }

  private func row(_ step: PathWalk.Step) -> [Field] {
    var (mode, owner, group, need, result) = ("", "", "", "", "")
    switch step.finding {
    case .missing: result = "is not there"
    case .hidden: result = "this caller may not look; run doctor as root"
    case .notADirectory: result = "is not a directory"
    case .found(let status):
      mode = octalMode(status.modeBits)
      owner = Self.name(status.ownerID, isUser: true)
      group = Self.name(status.groupID, isUser: false)
      need = self.need(status) == .search ? "search" : "write"
      result = status.allows(subject, self.need(status)) ? "ok" : "refused"
      if status.kind != .directory && status.kind != .socket {
        result = "is \(status.kind.rawValue), not a socket"
      }
    }
    return [
      Field("path", .text(step.path)), Field("mode", .text(mode)), Field("owner", .text(owner)),
      Field("group", .text(group)), Field("needs", .text(need)), Field("result", .text(result)),
    ]
  }

  /// The answer in a sentence.
  var conclusion: String {
    let path = walk.steps.last?.path ?? "/"
    switch (canConnect, hasRight) {
    case (nil, _): return "\(path) is hidden from this caller: run doctor as root."
    case (false?, false?):
      return "\(subject.title) cannot connect, and lacks the right \(needed.names)."
    case (false?, _): return "\(subject.title) cannot connect."
    case (true?, true?): return "\(subject.title) can connect and has the right \(needed.names)."
    case (true?, false?):
      return "\(subject.title) can connect and lacks the right \(needed.names); "
        + "it has \(rights?.names ?? "none")."
    case (true?, nil):
      return "\(subject.title) can connect; its rights are told only to an administrator of the "
        + "service (run doctor as root, or as the daemon's user)."
    }
  }

  /// What to do, one line each; all of it, so that nobody has to ask again after each step.
  var advice: [String] {
    walk.steps.filter(isRefused).flatMap(pathAdvice) + rightAdvice
  }

  private var rightAdvice: [String] {
    guard let rights, !rights.isSuperset(of: needed) else { return [] }
    let missing = needed.subtracting(rights)
    if let listener, !listener.ceiling.isSuperset(of: missing) {
      return [
        "the most on \(listener.path) is \(listener.ceiling.names); use another socket, or add "
          + "\(missing.names) to its rights="
      ]
    }
    return ["allow = uid:\(subject.name ?? String(subject.uid)) rights=\(missing.names)"]
  }

  private func isRefused(_ step: PathWalk.Step) -> Bool {
    guard case .found(let status) = step.finding else {
      return step.finding != .hidden
    }
    return !status.allows(subject, need(status))
      || (status.kind != .directory && status.kind != .socket)
  }

  private func pathAdvice(_ step: PathWalk.Step) -> [String] {
    guard case .found(let status) = step.finding else {
      return ["start signetd, or name its socket with --socket"]
    }
    if status.kind == .directory { return [directoryAdvice(step.path, status)] }
    guard status.kind == .socket else {
      return ["\(step.path) is no socket; name the right one with --socket"]
    }
    let group = subject.gids.first.map { Self.name($0, isUser: false) } ?? "GROUP"
    if listener?.isAdmin == true {
      return [
        "this is the admin socket; give \(subject.title) one of its own: "
          + "listen = /run/signet/signet.sock mode=0660 group=\(group) rights=\(needed.names)"
      ]
    }
    let rights = listener?.ceiling.union(needed).names ?? needed.names
    return ["listen = \(step.path) mode=0660 group=\(group) rights=\(rights)"]
  }

  private func directoryAdvice(_ path: String, _ status: FileStatus) -> String {
    let permission = Permission(
      modeBits: status.modeBits, ownerID: status.ownerID, groupID: status.groupID)
    let letter =
      switch permission.classOf(subject) {
      case .owner: "u"
      case .group: "g"
      case .others: "o"
      }
    return "chmod \(letter)+x \(path)"
  }

  private static func name(_ id: UInt32, isUser: Bool) -> String {
    let number = String(id)
    if isUser { return ((try? UserAccount.find(number)) ?? nil)?.name ?? number }
    return ((try? GroupAccount.find(number)) ?? nil)?.name ?? number
  }
}

/// `0750`, as `chmod` takes it.
func octalMode(_ bits: UInt32) -> String {
  let digits = String(bits, radix: 8)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
