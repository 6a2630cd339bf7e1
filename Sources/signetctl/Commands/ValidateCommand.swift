internal import SignetClient
internal import TokenWire

/// `validate`: what a gateway would be told.
enum ValidateCommand {
  static let command = Command(
    path: ["validate"], summary: "asks whether tokens are good, as a gateway does",
    operands: [
      OperandSpec(
        name: "TOKEN", summary: "access tokens; - or @FILE has one a line", count: .oneOrMore)
    ],
    options: [
      .value("scope", "SCOPES", "what the token must have, separated by spaces"),
      .value("audience", "URI", "the resource server that asks"),
      .flag("any-audience", "tokens for every audience pass"),
      .value("at-least-position", "N", "refuse to answer from an older state than this"),
      .flag("explain", "say which check decided, and what a gateway answers"),
    ],
    example: "signetctl validate --explain --scope read @token",
    notes: "Exit status 1 unless every token is VALID."
  ) { invocation throws(CommandError) in
    var tokens: [[UInt8]] = []
    for operand in invocation.arguments.operands {
      tokens += try invocation.secrets.lines(operand, "the tokens")
    }
    let identities = try ask(invocation, tokens)
    let isGood = identities.allSatisfy { $0.verdict == Verdict.valid.rawValue }
    let exitCode = isGood ? ExitCode.ok : .refused
    if !invocation.arguments.has("explain") {
      return Report(table(identities.map(row)), exitCode: exitCode)
    }
    let scope = invocation.arguments.text("scope") ?? ""
    let audience = invocation.arguments.text("audience") ?? ""
    var (rows, lines) = ([[Field]](), [String]())
    for (token, identity) in zip(tokens, identities) {
      let explanation = VerdictExplanation(
        token, identity.verdict, scope: scope, audience: audience)
      rows.append(row(identity) + explanation.fields)
      lines += explanation.lines(rows.count, name(identity.verdict))
    }
    return Report(.prose(key: "tokens", rows: rows, lines: lines), exitCode: exitCode)
  }

  private static func ask(
    _ invocation: Invocation, _ tokens: [[UInt8]]
  ) throws(CommandError) -> [Identity] {
    let arguments = invocation.arguments
    let position = try arguments.number("at-least-position", UInt64.self) ?? 0
    let connection = try invocation.connection()
    do {
      let reply = try connection.validate(
        tokens, form: .identity, scopes: invocation.bytes("scope"),
        audience: invocation.bytes("audience"), anyAudience: arguments.has("any-audience"),
        atLeastPosition: position)
      guard case .identities(let identities) = reply else { return [] }
      return identities
    } catch {
      throw .client(error)
    }
  }

  private static func name(_ verdict: UInt8) -> String {
    Verdict(rawValue: verdict)?.name ?? "VERDICT_\(verdict)"
  }

  private static func row(_ identity: Identity) -> [Field] {
    let kinds = ["none", "user", "client"]
    let kind = Int(identity.subjectKind)
    return [
      Field("verdict", .text(name(identity.verdict))),
      Field("verdictCode", .number(UInt64(identity.verdict))),
      Field("subjectKind", .text(kinds.indices.contains(kind) ? kinds[kind] : "later")),
      Field("subject", .text(identity.subject)), Field("clientId", .text(identity.clientId)),
      Field("scope", .text(identity.scope)), Field("audience", .text(identity.audience)),
      Field("expiresAt", .time(identity.expiresAt)),
      Field("usernameOverride", .bool(identity.overrides & Identity.usernameOverride != 0)),
      Field("iconOverride", .bool(identity.overrides & Identity.iconOverride != 0)),
    ]
  }

  private static func table(_ rows: [[Field]]) -> Report.Block {
    .table(
      key: "tokens",
      columns: [
        Column("verdict"), Column("subject"), Column("clientId", "client id"), Column("scope"),
        Column("audience"), Column("expiresAt", "expires"),
      ], rows: rows)
  }
}
