internal import SignetClient
internal import TokenWire

/// `keys ...`.
enum KeyCommands {
  static let all = [list, rotate, retire]

  static let list = Command(
    path: ["keys", "list"], summary: "lists the signing keys",
    example: "signetctl keys list"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(KeysListRequest())
    return Report(
      .table(
        key: "keys",
        columns: [
          Column("keyId", "key"), Column("state"), Column("createdAt", "created"),
          Column("liveTokens", "live tokens"),
        ], rows: reply.keys.map(row)))
  }

  static let rotate = Command(
    path: ["keys", "rotate"], summary: "makes a new primary key; older ones still verify",
    changesState: true, example: "signetctl keys rotate"
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(KeysRotateRequest())
    return .done(
      "New tokens are signed with key \(reply.keyId).",
      [Field("keyId", .number(UInt64(reply.keyId))), Field("position", .number(reply.position))])
  }

  static let retire = Command(
    path: ["keys", "retire"], summary: "retires a key for good; its tokens die",
    operands: [OperandSpec(name: "KEY", summary: "its number, as keys list shows it")],
    options: [.flag("force", "even while live tokens are signed with it")],
    changesState: true, example: "signetctl keys retire 0"
  ) { invocation throws(CommandError) in
    let keyId: UInt8 = try ParsedArguments.number(invocation.arguments.operand(0), "KEY")
    let reply = try invocation.change(
      KeysRetireRequest(keyId: keyId, force: invocation.arguments.has("force")))
    return .done(
      "Retired; \(reply.killedTokens) live tokens died.",
      [
        Field("killedTokens", .number(reply.killedTokens)),
        Field("position", .number(reply.position)),
      ])
  }

  private static func row(_ key: KeyEntry) -> [Field] {
    let names = ["", "primary", "verifyOnly", "retired"]
    let state = Int(key.state)
    let name = names.indices.contains(state) && state > 0 ? names[state] : "state \(state)"
    return [
      Field("keyId", .number(UInt64(key.keyId))), Field("state", .text(name)),
      Field("createdAt", .time(key.createdAt)), Field("liveTokens", .number(key.liveTokens)),
    ]
  }
}
