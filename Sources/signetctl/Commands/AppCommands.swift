internal import SignetClient
internal import TokenWire

/// `apps ...`: registering applications and looking at them. Changes are in `AppChangeCommands`.
enum AppCommands {
  static let all = [register, list, show, info] + AppChangeCommands.all + [registerDynamic]

  /// What both `register` and `update` take.
  static let fieldOptions: [OptionSpec] = [
    .list("callback", "URL", "a redirect URI, matched byte for byte"),
    .value("description", "TEXT", "shown on the consent page"),
    .value("icon", "URL", "shown on the consent page; never fetched by the service"),
    .list("grant", "TYPE", "authorization_code, refresh_token, client_credentials or implicit"),
    .list("audience", "URI", "makes it a resource server for this audience"),
    .value("scopes", "SCOPES", "the scopes it may ask for, separated by spaces"),
    .flag("trusted", "people are not asked for consent; only a system administrator sets it"),
  ]

  static let register = Command(
    path: ["apps", "register"], summary: "registers an application",
    options: [
      .required("name", "NAME", "1 to 64 characters, shown to people"),
      .required("homepage", "URL", "the application's web page"),
      .flag("public", "a client without secret: it must use PKCE"),
    ] + fieldOptions,
    speaker: .personOrLocal, changesState: true,
    example: "signetctl apps register --name Wiki --homepage https://wiki.example/ "
      + "--callback https://wiki.example/cb",
    notes: "The client secret is shown once, here; the service keeps only a digest of it."
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let fields = AppFields(
      name: invocation.bytes("name"), description: invocation.bytes("description"),
      homepage: invocation.bytes("homepage"), iconUrl: invocation.bytes("icon"),
      callbacks: arguments.texts("callback").map { Array($0.utf8) },
      trusted: arguments.has("trusted"), isPublic: arguments.has("public"),
      grants: try grants(arguments) ?? 0,
      audiences: arguments.texts("audience").map { Array($0.utf8) },
      scopes: invocation.bytes("scopes"))
    let acting = try invocation.acting()
    let reply = try invocation.change(AppRegisterRequest(acting: acting, fields: fields))
    var notes = registerNotes(reply.notes)
    if !reply.clientSecret.isEmpty {
      notes.append("the secret is shown this once; keep it now, or regenerate it later")
    }
    return .done(
      "Registered.",
      [
        Field("clientId", .text(reply.clientId)), Field("clientSecret", .text(reply.clientSecret)),
        Field("callbacks", .texts(reply.callbacks)), Field("position", .number(reply.position)),
      ], notes: notes)
  }

  static let list = Command(
    path: ["apps", "list"], summary: "lists applications: one's own, or all",
    options: [.flag("all", "with --as of a system administrator: everybody's")]
      + Invocation.paging,
    speaker: .personOrLocal, example: "signetctl apps list --as alice",
    notes: "Without --as it lists all of them."
  ) { invocation throws(CommandError) in
    let acting = try invocation.acting()
    let all = invocation.arguments.has("all") || acting.login == .local
    var apps: [AppEntry] = []
    let next = try invocation.pages(
      try invocation.cursor(),
      { AppListRequest(acting: acting, all: all, cursor: $0, maxBytes: 0) }
    ) { reply in
      apps += reply.apps
      return reply.nextCursor
    }
    return Report(
      .table(
        key: "apps",
        columns: [
          Column("clientId", "client id"), Column("name"), Column("creator"), Column("trusted"),
          Column("isPublic", "public"), Column("updatedAt", "updated"),
        ], rows: apps.map(Rows.app)),
      .pageEnd(next))
  }

  static let show = Command(
    path: ["apps", "show"], summary: "shows everything about an application",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    speaker: .personOrLocal, example: "signetctl apps show abcdefghijklmnopqrstuvwxyz"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(
      AppGetRequest(
        acting: try invocation.acting(), clientId: invocation.arguments.operand(0)))
    return Report(.fields(Rows.app(reply.app)))
  }

  static let info = Command(
    path: ["apps", "info"], summary: "shows what everybody may know about an application",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    speaker: .personOrLocal, example: "signetctl apps info abcdefghijklmnopqrstuvwxyz --as bob"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(
      AppInfoRequest(
        acting: try invocation.acting(), clientId: invocation.arguments.operand(0)))
    return Report(.fields(Rows.info(reply.app)))
  }

  static let registerDynamic = Command(
    path: ["apps", "register-dynamic"],
    summary: "registers an application as its own software would (RFC 7591)",
    options: [
      OptionSpec(
        name: "redirect-uri", value: "URI", summary: "where codes may go", isRepeatable: true,
        isRequired: true),
      .value("auth-method", "METHOD", "none, client_secret_post or client_secret_basic (default)"),
      .value("name", "NAME", "shown to people"), .value("uri", "URL", "its web page"),
      .value("scope", "SCOPES", "what it may ask for"),
    ],
    changesState: true,
    example: "signetctl apps register-dynamic --redirect-uri https://app.example/cb --name App",
    notes: "Needs the setting dynamic-registration, and the right front."
  ) { invocation throws(CommandError) in
    let arguments = invocation.arguments
    let reply = try invocation.change(
      AppRegisterDynamicRequest(
        redirectUris: arguments.texts("redirect-uri"),
        authMethod: arguments.text("auth-method") ?? "", clientName: arguments.text("name") ?? "",
        clientUri: arguments.text("uri") ?? "", scope: arguments.text("scope") ?? ""))
    return .done(
      "Registered.",
      [
        Field("clientId", .text(reply.clientId)), Field("clientSecret", .text(reply.clientSecret)),
        Field("clientName", .text(reply.clientName)), Field("clientUri", .text(reply.clientUri)),
        Field("redirectUris", .texts(reply.redirectUris)),
        Field("authMethod", .text(reply.authMethod)),
        Field("grants", Rows.grantTypes(reply.grants)), Field("scope", .text(reply.scope)),
        Field("issuedAt", .time(reply.issuedAt)), Field("position", .number(reply.position)),
      ])
  }

  /// The bits of `--grant`; nil when it is not there.
  static func grants(_ arguments: ParsedArguments) throws(CommandError) -> UInt16? {
    guard arguments.has("grant") else { return nil }
    var grants: GrantTypes = []
    for name in arguments.texts("grant").flatMap({ $0.split(separator: ",").map(String.init) }) {
      guard let named = GrantTypes.named.first(where: { $0.name == name }) else {
        let known = GrantTypes.named.map(\.name)
        throw .usage(
          "--grant: there is no grant type '\(name)'",
          hint: nearestName(to: name.utf8, among: known).map { "did you mean \($0)?" }
            ?? "there is \(known.joined(separator: ", "))")
      }
      grants.insert(named.grant)
    }
    return grants.rawValue
  }

  private static func registerNotes(_ bits: UInt16) -> [String] {
    var notes: [String] = []
    if bits & AppRegisterReply.trustIgnored != 0 {
      notes.append("trusted was ignored: only a system administrator sets it")
    }
    if bits & AppRegisterReply.grantsLimited != 0 {
      notes.append("grants were limited: only a system administrator sets the others")
    }
    return notes
  }
}
