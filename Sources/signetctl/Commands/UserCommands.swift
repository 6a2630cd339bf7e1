internal import SignetClient
internal import TokenWire

/// `users ...`.
enum UserCommands {
  static let all = [authorizedApps, deauthorize, disable, enable]

  static let authorizedApps = Command(
    path: ["users", "authorized-apps"], summary: "lists the applications that a person authorized",
    operands: [
      OperandSpec(name: "USER", summary: "whose; may be left out with --as", count: .optional)
    ], options: Invocation.paging, speaker: .personOrLocal,
    example: "signetctl users authorized-apps bob"
  ) { invocation throws(CommandError) in
    let acting = try invocation.acting()
    guard let user = invocation.arguments.operands.first ?? invocation.arguments.text("as") else {
      throw .usage("users authorized-apps needs USER, or --as USER")
    }
    var apps: [AuthorizedApp] = []
    let next = try invocation.pages(
      try invocation.cursor(),
      { AuthorizedAppsRequest(acting: acting, user: user, cursor: $0, maxBytes: 0) }
    ) { reply in
      apps += reply.apps
      return reply.nextCursor
    }
    return Report(
      .table(
        key: "apps",
        columns: [
          Column("clientId", "client id"), Column("name"), Column("scope"),
          Column("firstAuthorizedAt", "since"), Column("grants"),
        ], rows: apps.map(row)),
      .pageEnd(next))
  }

  static let deauthorize = Command(
    path: ["users", "deauthorize"], summary: "takes back what a person granted to an application",
    operands: [
      OperandSpec(name: "USER", summary: "the person's id"),
      OperandSpec(name: "CLIENT", summary: "the application's client id"),
    ], speaker: .personOrLocal, changesState: true,
    example: "signetctl users deauthorize bob abcdefghijklmnopqrstuvwxyz"
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      DeauthorizeRequest(
        acting: try invocation.acting(), user: invocation.arguments.operand(0),
        clientId: invocation.arguments.operand(1)))
    return .done("Deauthorized.", [Field("position", .number(reply.position))])
  }

  static let disable = Command(
    path: ["users", "disable"], summary: "disables a person; every token of theirs dies",
    operands: [OperandSpec(name: "USER", summary: "the person's id")],
    changesState: true, example: "signetctl users disable bob",
    notes: "Enabling the person again revives none of the tokens."
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      UserDisableRequest(user: invocation.arguments.operand(0)))
    return .done("Disabled.", [Field("position", .number(reply.position))])
  }

  static let enable = Command(
    path: ["users", "enable"], summary: "enables a person again",
    operands: [OperandSpec(name: "USER", summary: "the person's id")],
    changesState: true, example: "signetctl users enable bob"
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      UserEnableRequest(user: invocation.arguments.operand(0)))
    return .done(
      "Enabled; tokens from before stay dead.", [Field("position", .number(reply.position))])
  }

  private static func row(_ entry: AuthorizedApp) -> [Field] {
    Rows.info(entry.app) + [
      Field("scope", .text(entry.scope)),
      Field("firstAuthorizedAt", .time(entry.firstAuthorizedAt)),
      Field("grants", .number(UInt64(entry.grants))),
    ]
  }
}
