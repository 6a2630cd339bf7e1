internal import SignetClient
internal import TokenWire

/// `settings ...`.
enum SettingCommands {
  static let all = [show, set]

  static let show = Command(
    path: ["settings", "show"], summary: "shows the settings, or some of them",
    operands: [OperandSpec(name: "NAME", summary: "which ones", count: .any)],
    speaker: .personOrLocal, example: "signetctl settings show provider-enabled"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(SettingsGetRequest(acting: try invocation.acting()))
    let wanted = invocation.arguments.operands
    let names = reply.settings.map { String(decoding: $0.name, as: UTF8.self) }
    for name in wanted where !names.contains(name) {
      throw .usage(
        "there is no setting '\(name)'",
        hint: nearestName(to: name.utf8, among: names).map { "did you mean \($0)?" })
    }
    let shown = zip(names, reply.settings).filter { wanted.isEmpty || wanted.contains($0.0) }
    return report(shown.map(\.1), [])
  }

  static let set = Command(
    path: ["settings", "set"], summary: "changes settings, all or none of them",
    operands: [
      OperandSpec(name: "NAME=VALUE", summary: "a setting and its new value", count: .oneOrMore)
    ], speaker: .personOrLocal, changesState: true,
    example: "signetctl settings set provider-enabled=true code-lifetime-seconds=120"
  ) { invocation throws(CommandError) in
    var settings: [SettingEntry] = []
    for assignment in invocation.arguments.operands {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw .usage("'\(assignment)' is no NAME=VALUE")
      }
      settings.append(
        SettingEntry(name: Array(parts[0].utf8), value: Array(parts[1].utf8)))
    }
    let reply = try invocation.change(
      SettingsSetRequest(acting: try invocation.acting(), settings: settings))
    return report(reply.settings, [Field("position", .number(reply.position))])
  }

  private static func report(_ settings: [SettingEntry], _ rest: [Field]) -> Report {
    Report(
      .table(
        key: "settings", columns: [Column("name"), Column("value")],
        rows: settings.map { [Field("name", .text($0.name)), Field("value", .text($0.value))] }),
      .fields(rest))
  }
}
