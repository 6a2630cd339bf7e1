internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// `doctor`: why a program cannot talk to the service.
enum DoctorCommand {
  static let command = Command(
    path: ["doctor"], summary: "says whether a user can reach the socket, and what is in the way",
    options: [
      .value("as-uid", "USER", "examine this user, by name or number (default: the caller)"),
      .list("as-gid", "GROUP", "a group it has besides those of its account"),
      .value(
        "need", "RIGHTS", "what it needs: validate (default), front, front-admin, issue, admin"),
    ],
    example: "signetctl doctor --as-uid www-data --socket /run/signet/signet.sock",
    notes:
      "Looks at owner, group and mode of every directory on the way and of the socket, then at "
      + "the service's listen and allow lines, which it tells an administrator only. ACLs and "
      + "security modules are not looked at. Exit status 1 when something is in the way."
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let subject = try AccessSubject.named(
      arguments.text("as-uid"), groups: arguments.texts("as-gid"))
    let needed = try rights(arguments.text("need") ?? "validate")
    var diagnosis = Diagnosis(
      subject: subject, walk: try walk(to: invocation.socketPath), needed: needed)
    let service = ask(invocation, &diagnosis)
    let isGood = diagnosis.canConnect == true && diagnosis.hasRight == true && service == nil
    return Report(
      .table(
        key: "path",
        columns: ["path", "mode", "owner", "group", "needs", "result"].map { Column($0) },
        rows: diagnosis.rows),
      .line(diagnosis.conclusion),
      .fields(fields(diagnosis, service)),
      exitCode: isGood ? .ok : .refused)
  }

  private static func walk(to path: String) throws(CommandError) -> PathWalk {
    do {
      return try PathWalk(to: path)
    } catch {
      throw .input("\(error)")
    }
  }

  private static func fields(_ diagnosis: Diagnosis, _ service: String?) -> [Field] {
    var fields = [
      Field("uid", .number(UInt64(diagnosis.subject.uid))),
      Field("gids", .list(diagnosis.subject.gids.map { .number(UInt64($0)) })),
    ]
    if let canConnect = diagnosis.canConnect {
      fields.append(Field("canConnect", .bool(canConnect)))
    }
    if let rights = diagnosis.rights {
      let held = RightSet.named.filter { rights.contains($0.right) }
      fields.append(Field("rights", .list(held.map { .text($0.name) })))
    }
    if let service { fields.append(Field("service", .text(service))) }
    if !diagnosis.walk.links.isEmpty {
      fields.append(Field("links", .list(diagnosis.walk.links.map { .text($0.description) })))
    }
    let advice = diagnosis.advice
    if !advice.isEmpty { fields.append(Field("advice", .list(advice.map { .text($0) }))) }
    return fields
  }

  /// Asks the service what it knows; what is wrong with the service itself, or nil.
  private static func ask(_ invocation: Invocation, _ diagnosis: inout Diagnosis) -> String? {
    do throws(CommandError) {
      let connection = try invocation.connection()
      // What the kernel told about the caller itself is the truth, whatever the lines say.
      if diagnosis.subject.uid == CurrentProcess.effectiveUserID {
        diagnosis.rights = connection.rights
      }
      guard connection.rights.contains(.admin) else { return nil }
      let reply = try invocation.call(StatusRequest())
      let rules = DaemonRules(
        facts: reply.facts.map { (printable($0.name), String(decoding: $0.value, as: UTF8.self)) })
      let path = diagnosis.walk.steps.last?.path
      diagnosis.listener = rules.listeners.first { $0.path == path || isSame($0.path, path) }
      if diagnosis.rights == nil, let listener = diagnosis.listener {
        diagnosis.rights = rules.granted(
          to: diagnosis.subject, daemonUid: diagnosis.walk.last?.ownerID,
          number: DaemonRules.accountNumber
        ).intersection(listener.ceiling)
      }
      return nil
    } catch {
      // That this caller may not connect says nothing about the one that is examined.
      if case .client(.cannotConnect(_, .permissionDenied)) = error { return nil }
      return error.message
    }
  }

  private static func isSame(_ listener: String, _ path: String?) -> Bool {
    guard let path, let left = try? FileSystem.realPath(listener) else { return false }
    return left == (try? FileSystem.realPath(path))
  }

  private static func rights(_ text: String) throws(CommandError) -> RightSet {
    var rights: RightSet = []
    for name in text.split(separator: ",").map(String.init) {
      guard let right = RightSet(name: name.utf8) else {
        let known = RightSet.named.map(\.name)
        throw .usage(
          "there is no right '\(name)'",
          hint: nearestName(to: name.utf8, among: known).map { "did you mean \($0)?" }
            ?? "there is \(known.joined(separator: ", "))")
      }
      rights.formUnion(right)
    }
    if rights.isEmpty { throw .usage("--need names no right") }
    return rights
  }
}
