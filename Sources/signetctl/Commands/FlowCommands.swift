internal import SignetClient
internal import TokenWire

/// The OAuth flow by hand: what a front end does for a person, step by step.
enum FlowCommands {
  static let all = [authorize, allow, deny, exchange, refresh, clientCredentials]

  static let authorize = Command(
    path: ["authorize"], summary: "starts an authorization for a person",
    options: [
      .required("client", "ID", "the application's client id"),
      .required("redirect-uri", "URI", "one of its callbacks"),
      .value("response-type", "TYPE", "code (default) or token"),
      .value("scope", "SCOPES", "what is asked for, separated by spaces"),
      .value("state", "TEXT", "comes back unchanged"),
      .value("challenge", "TEXT", "the PKCE code_challenge"),
      .value("challenge-method", "NAME", "S256, which is the default with --challenge"),
      .value("resource", "URI", "the audience of the token (RFC 8707)"),
    ], speaker: .person, changesState: true,
    example: "signetctl authorize --as bob --client abcdefghijklmnopqrstuvwxyz "
      + "--redirect-uri https://wiki.example/cb",
    notes: "Answers with the URL to redirect to, with a ticket for allow or deny, or with what to "
      + "put on an error page (exit status 1)."
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let method = arguments.text("challenge-method") ?? (arguments.has("challenge") ? "S256" : "")
    let acting = try invocation.acting()
    let reply = try invocation.change(
      AuthorizeRequest(
        acting: acting, responseType: arguments.text("response-type") ?? "code",
        clientId: arguments.text("client") ?? "",
        redirectUri: arguments.text("redirect-uri") ?? "",
        scope: arguments.text("scope") ?? "", state: arguments.text("state") ?? "",
        codeChallenge: arguments.text("challenge") ?? "", codeChallengeMethod: method,
        resource: arguments.text("resource") ?? ""))
    return answer(reply)
  }

  static let allow = consent(
    "allow", "says yes to a consent ticket",
    "signetctl authorize ... --json | jq -r .ticket | signetctl allow - --as bob"
  ) { AllowRequest(acting: $0, ticket: $1) }

  static let deny = consent(
    "deny", "says no to a consent ticket",
    "signetctl authorize ... --json | jq -r .ticket | signetctl deny - --as bob"
  ) { DenyRequest(acting: $0, ticket: $1) }

  static let exchange = Command(
    path: ["exchange"], summary: "exchanges an authorization code for tokens",
    options: Invocation.clientOptions + [
      .required("code", "CODE", "the code, - or @FILE"),
      .required("redirect-uri", "URI", "the one of the authorization"),
      .value("verifier", "TEXT", "the PKCE code_verifier, - or @FILE"),
      .value("resource", "URI", "the audience of the token"),
    ], changesState: true,
    example: "signetctl exchange --client abcdefghijklmnopqrstuvwxyz --secret @secret "
      + "--code sgc_... --redirect-uri https://wiki.example/cb"
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let client = try invocation.clientAuth()
    let code = try invocation.secrets.read(arguments.text("code") ?? "", "--code")
    let verifier = try arguments.text("verifier").map { value throws(CommandError) in
      try invocation.secrets.read(value, "--verifier")
    }
    let reply = try invocation.change(
      ExchangeRequest(
        client: client, code: code, redirectUri: invocation.bytes("redirect-uri"),
        codeVerifier: verifier ?? [], resource: invocation.bytes("resource")))
    return tokens(reply)
  }

  static let refresh = Command(
    path: ["refresh"], summary: "exchanges a refresh token for new tokens",
    options: Invocation.clientOptions + [
      .required("token", "TOKEN", "the refresh token, - or @FILE"),
      .value("scope", "SCOPES", "less than was granted"),
      .value("resource", "URI", "the audience of the token"),
    ], changesState: true,
    example: "signetctl refresh --client abcdefghijklmnopqrstuvwxyz --secret @secret "
      + "--token @refresh-token"
  ) { invocation throws(CommandError) in
    let client = try invocation.clientAuth()
    let token = try invocation.secrets.read(invocation.arguments.text("token") ?? "", "--token")
    let reply = try invocation.change(
      RefreshRequest(
        client: client, refreshToken: token, scope: invocation.bytes("scope"),
        resource: invocation.bytes("resource")))
    return tokens(reply)
  }

  static let clientCredentials = Command(
    path: ["client-credentials"], summary: "gets a token for an application itself",
    options: Invocation.clientOptions + [
      .value("scope", "SCOPES", "what is asked for (default: all it may)"),
      .value("resource", "URI", "the audience of the token"),
    ], changesState: true,
    example: "signetctl client-credentials --client abcdefghijklmnopqrstuvwxyz --secret @secret"
  ) { invocation throws(CommandError) in
    let client = try invocation.clientAuth()
    let reply = try invocation.change(
      ClientCredentialsRequest(
        client: client, scope: invocation.bytes("scope"), resource: invocation.bytes("resource")))
    return tokens(reply)
  }

  private static func consent<R: MutationMessage>(
    _ name: String, _ summary: String, _ example: String,
    _ request: @escaping @Sendable (Acting, [UInt8]) -> R
  ) -> Command where R.Reply == RedirectReply {
    Command(
      path: [name], summary: summary,
      operands: [OperandSpec(name: "TICKET", summary: "the ticket of authorize, - or @FILE")],
      speaker: .person, changesState: true, example: example,
      notes: "A ticket is good once, for ten minutes, for the person it was made for."
    ) { invocation throws(CommandError) in
      let acting = try invocation.acting()
      let text = try invocation.secretOperand(0, "the ticket")
      guard let ticket = Base64URL.decode(text) else {
        throw .usage("the ticket is not base64url text", hint: "copy it whole from authorize")
      }
      let reply = try invocation.change(request(acting, ticket))
      return Report(
        .fields([
          Field("redirect", .text(reply.redirect)), Field("position", .number(reply.position)),
        ]))
    }
  }

  private static func tokens(_ reply: TokensReply) -> Report {
    Report(.fields(Rows.tokens(reply.tokens) + [Field("position", .number(reply.position))]))
  }

  private static func answer(_ reply: AuthorizeReply) -> Report {
    let position = Field("position", .number(reply.position))
    let result = Field("result", .number(UInt64(reply.result)))
    switch AuthorizeReply.Outcome(rawValue: reply.result) {
    case .redirect:
      return .done(
        "Redirect, no consent needed.",
        [Field("redirect", .text(reply.redirect)), result, position])
    case .consentNeeded:
      return consentNeeded(reply, [result, position])
    case .errorPage:
      return errorPage(reply, [result, position])
    case nil:
      return Report(
        .line("An outcome of a later version."), .fields([result, position]), exitCode: .refused)
    }
  }

  private static func consentNeeded(_ reply: AuthorizeReply, _ rest: [Field]) -> Report {
    .done(
      "Consent needed: show this to the person, then allow or deny the ticket.",
      [
        Field("ticket", .text(Base64URL.encode(reply.ticket))),
        Field("app", .record(Rows.info(reply.app))),
        Field("callbackHost", .text(reply.callbackHost)), Field("scopes", .text(reply.scopes)),
        Field("newScopes", .text(reply.newScopes)),
        Field("ticketExpiresAt", .time(reply.ticketExpiresAt)),
      ] + rest)
  }

  private static func errorPage(_ reply: AuthorizeReply, _ rest: [Field]) -> Report {
    let name = Status(rawValue: reply.error)?.name ?? "STATUS_0x" + String(reply.error, radix: 16)
    return Report(
      .line("Error page: the person must not be redirected."),
      .fields(
        [
          Field("error", .number(UInt64(reply.error))), Field("errorName", .text(name)),
          Field("message", .text(reply.message)),
        ] + rest), exitCode: .refused)
  }
}
