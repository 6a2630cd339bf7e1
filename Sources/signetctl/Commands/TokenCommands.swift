internal import SignetClient
internal import TokenWire

/// Tokens: issue, validate, introspect, revoke.
enum TokenCommands {
  static let all = [issue, ValidateCommand.command, introspect, revoke]

  static let issue = Command(
    path: ["issue"], summary: "mints tokens without asking anybody (right issue)",
    options: [
      .value(
        "client", "ID", "the application's client id; without it, signetctl's own application"),
      .value("user", "USER", "whose tokens; without it they are the application's own"),
      .value("scope", "SCOPES", "separated by spaces"),
      .value("audience", "URI", "the resource server that they are for"),
      .value("lifetime", "DURATION", "such as 90s, 30m, 2h, 30d (default: the setting's)"),
      .flag("refresh", "with a refresh token (only for one token)"),
      .value("count", "N", "how many, 1 to 128 (default 1)"),
    ], changesState: true,
    example: "signetctl issue --user alice --scope read",
    notes: "Without --client the token is of an application named \(OwnApplication.name), which is "
      + "registered when it is first needed and used from then on; that takes the right admin, and "
      + "looks through the list of applications, so scripts that issue often name a client."
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let lifetime = try arguments.text("lifetime").map { text throws(CommandError) in
      try Quantities.seconds(text, "--lifetime")
    }
    let count = try arguments.number("count", UInt16.self) ?? 1
    guard (1...WireLimits.issueTokens).contains(Int(count)) else {
      throw .usage("--count takes 1 to \(WireLimits.issueTokens)")
    }
    let own = arguments.has("client") ? nil : try OwnApplication.findOrRegister(invocation)
    let item = IssueItem(
      clientId: own?.clientID ?? invocation.bytes("client"), user: invocation.bytes("user"),
      scope: invocation.bytes("scope"), audience: invocation.bytes("audience"),
      lifetimeSeconds: lifetime ?? 0, withRefresh: arguments.has("refresh"), count: count)
    let reply = try invocation.change(IssueRequest(items: [item]))
    return Report(
      .table(
        key: "tokens",
        columns: [Column("accessToken", "access token"), Column("expiresAt", "expires")]
          + (arguments.has("refresh") ? [Column("refreshToken", "refresh token")] : [])
          + [Column("accessor"), Column("scope")],
        rows: reply.tokens.map(Rows.tokens)),
      .fields([Field("position", .number(reply.position))]), notes: own.map { [$0.note] } ?? [])
  }

  static let introspect = Command(
    path: ["introspect"], summary: "tells everything about a token (RFC 7662)",
    operands: [OperandSpec(name: "TOKEN", summary: "an access or refresh token, - or @FILE")],
    options: optionalClient,
    example: "signetctl introspect @token",
    notes: "With --client it asks as that application, which is told of its own tokens only and "
      + "never why one is not active."
  ) { invocation throws(CommandError) in
    try requireClientForSecret(invocation.arguments)
    let token = try invocation.secretOperand(0, "the token")
    let reply =
      if invocation.arguments.has("client") {
        try invocation.call(
          ClientIntrospectRequest(client: try invocation.clientAuth(), token: token))
      } else {
        try invocation.call(IntrospectRequest(token: token))
      }
    return Report(.fields(fields(reply)))
  }

  static let revoke = Command(
    path: ["revoke"], summary: "revokes a token, an accessor or a grant",
    operands: [
      OperandSpec(
        name: "SUBJECT", summary: "a token, an accessor sgx_..., a grant sgg_...; - or @FILE")
    ], options: optionalClient, changesState: true,
    example: "signetctl revoke sgx_...",
    notes: "A refresh token revokes its whole grant. With --client it revokes as that application "
      + "(RFC 7009): its own tokens only, and unknown ones are answered alike."
  ) { invocation throws(CommandError) in
    try requireClientForSecret(invocation.arguments)
    let subject = try invocation.secretOperand(0, "the subject")
    if invocation.arguments.has("client") {
      let reply = try invocation.change(
        ClientRevokeRequest(client: try invocation.clientAuth(), token: subject))
      return .done(
        "It is not good any more, if it ever was.", [Field("position", .number(reply.position))])
    }
    let reply = try invocation.change(RevokeRequest(subject: subject))
    return .done(
      reply.revoked ? "Revoked." : "Nothing live of that name.",
      [Field("revoked", .bool(reply.revoked)), Field("position", .number(reply.position))])
  }

  private static let optionalClient: [OptionSpec] = [
    .value("client", "ID", "ask as this application"),
    .value("secret", "SECRET", "its secret, - or @FILE"),
    .flag("basic", "the secret came in an Authorization: Basic header"),
  ]

  private static func requireClientForSecret(
    _ arguments: ParsedArguments
  ) throws(CommandError) {
    let speaksAsClient = arguments.has("secret") || arguments.has("basic")
    if speaksAsClient && !arguments.has("client") {
      throw .usage("--secret and --basic are an application's", hint: "add --client")
    }
  }

  private static func fields(_ reply: IntrospectReply) -> [Field] {
    let reason = Verdict(rawValue: reply.reason)?.name ?? "VERDICT_\(reply.reason)"
    let kind = ["unknown", "access", "refresh"]
    let kindName =
      kind.indices.contains(Int(reply.tokenKind)) ? kind[Int(reply.tokenKind)] : "later"
    return [
      Field("active", .bool(reply.active)), Field("reason", .number(UInt64(reply.reason))),
      Field("reasonName", .text(reply.reason == 0 ? "" : reason), label: "reason in words"),
      Field("tokenKind", .text(kindName)), Field("subject", .text(reply.subject)),
      Field("clientId", .text(reply.clientId)), Field("scope", .text(reply.scope)),
      Field("audience", .text(reply.audience)), Field("expiresAt", .time(reply.expiresAt)),
      Field("issuedAt", .time(reply.issuedAt)), Field("accessor", .text(reply.accessor)),
      Field("grant", .text(reply.grant)), Field("position", .number(reply.position)),
    ]
  }
}
