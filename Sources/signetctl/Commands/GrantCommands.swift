internal import SignetClient
internal import TokenWire

/// `grants ...`.
enum GrantCommands {
  static let all = [list, show, revoke]

  private static let reference = OperandSpec(
    name: "REFERENCE", summary: "a grant sgg_... or the accessor sgx_... of one of its tokens")

  static let list = Command(
    path: ["grants", "list"], summary: "lists grants: one's own, or everybody's",
    options: [
      .value("user", "USER", "only this person's"),
      .value("client", "ID", "only this application's"),
    ] + Invocation.paging,
    speaker: .personOrLocal, example: "signetctl grants list --user bob"
  ) { invocation throws(CommandError) in
    let acting = try invocation.acting()
    let (user, client) = (invocation.bytes("user"), invocation.bytes("client"))
    var grants: [GrantEntry] = []
    let next = try invocation.pages(
      try invocation.cursor(),
      {
        GrantListRequest(acting: acting, user: user, clientId: client, cursor: $0, maxBytes: 0)
      }
    ) { reply in
      grants += reply.grants
      return reply.nextCursor
    }
    return Report(
      .table(
        key: "grants",
        columns: [
          Column("grant"), Column("user"), Column("appName", "app"), Column("scope"),
          Column("lastIssuedAt", "last issued"), Column("expiresAt", "expires"),
          Column("hasRefresh", "refresh"),
        ], rows: grants.map(Rows.grant)),
      .pageEnd(next))
  }

  static let show = Command(
    path: ["grants", "show"], summary: "shows one grant", operands: [reference],
    speaker: .personOrLocal, example: "signetctl grants show sgg_..."
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(
      GrantGetRequest(
        acting: try invocation.acting(), reference: invocation.arguments.operand(0)))
    return Report(.fields(Rows.grant(reply.grant)))
  }

  static let revoke = Command(
    path: ["grants", "revoke"], summary: "revokes one grant with all of its tokens",
    operands: [reference], speaker: .personOrLocal, changesState: true,
    example: "signetctl grants revoke sgg_..."
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      GrantRevokeRequest(
        acting: try invocation.acting(), reference: invocation.arguments.operand(0)))
    return .done("Revoked.", [Field("position", .number(reply.position))])
  }
}
