internal import SignetClient
internal import TokenWire

/// `apps update|delete|regenerate-secret`.
enum AppChangeCommands {
  static let all = [update, delete, regenerateSecret]

  static let update = Command(
    path: ["apps", "update"], summary: "changes an application; what is not named stays",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    options: [
      .value("name", "NAME", "1 to 64 characters, shown to people"),
      .value("homepage", "URL", "the application's web page"),
      .flag("untrusted", "people are asked for consent again"),
      .value("revision", "N", "change only this revision (default: the one just read)"),
    ] + AppCommands.fieldOptions,
    speaker: .personOrLocal, changesState: true,
    example: "signetctl apps update abcdefghijklmnopqrstuvwxyz --callback https://wiki.example/cb2",
    notes: "--callback, --grant and --audience replace the whole list. Reads first, then changes "
      + "that revision: a change by somebody else in between is refused, not overwritten."
  ) { invocation throws(CommandError) in
    let clientId = invocation.arguments.operand(0)
    let acting = try invocation.acting()
    let old = try invocation.call(AppGetRequest(acting: acting, clientId: clientId)).app
    let revision = try invocation.arguments.number("revision", UInt32.self)
    let reply = try invocation.change(
      AppUpdateRequest(
        acting: acting, clientId: clientId, revision: revision ?? old.revision,
        fields: try changed(old, invocation)))
    return Report(
      .line("Updated."),
      .fields(Rows.app(reply.app) + [Field("position", .number(reply.position))]),
      notes: notes(reply.notes))
  }

  static let delete = Command(
    path: ["apps", "delete"], summary: "deletes an application; its tokens die with it",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    speaker: .personOrLocal, changesState: true,
    example: "signetctl apps delete abcdefghijklmnopqrstuvwxyz"
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      AppDeleteRequest(
        acting: try invocation.acting(), clientId: invocation.arguments.operand(0)))
    return .done("Deleted.", [Field("position", .number(reply.position))])
  }

  static let regenerateSecret = Command(
    path: ["apps", "regenerate-secret"], summary: "makes a new secret and ends the old one",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    speaker: .personOrLocal, changesState: true,
    example: "signetctl apps regenerate-secret abcdefghijklmnopqrstuvwxyz",
    notes: "Live tokens and authorizations stay; exchange and refresh need the new secret at once."
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      AppRegenerateSecretRequest(
        acting: try invocation.acting(), clientId: invocation.arguments.operand(0)))
    return .done(
      "The old secret is no longer good.",
      [
        Field("clientSecret", .text(reply.clientSecret)),
        Field("position", .number(reply.position)),
      ], notes: ["the secret is shown this once; keep it now, or regenerate it again"])
  }

  private static func changed(
    _ old: AppEntry, _ invocation: Invocation
  ) throws(CommandError) -> AppFields {
    let arguments = invocation.arguments
    if arguments.has("trusted") && arguments.has("untrusted") {
      throw .usage("--trusted and --untrusted exclude each other", hint: "keep one")
    }
    func text(_ option: String, _ old: [UInt8]) -> [UInt8] {
      arguments.has(option) ? invocation.bytes(option) : old
    }
    func list(_ option: String, _ old: [[UInt8]]) -> [[UInt8]] {
      // One empty value empties the list.
      arguments.has(option)
        ? arguments.texts(option).filter { !$0.isEmpty }.map { Array($0.utf8) } : old
    }
    let trusted = arguments.has("trusted") || (old.trusted && !arguments.has("untrusted"))
    return AppFields(
      name: text("name", old.name), description: text("description", old.description),
      homepage: text("homepage", old.homepage), iconUrl: text("icon", old.iconUrl),
      callbacks: list("callback", old.callbacks), trusted: trusted, isPublic: old.isPublic,
      grants: try AppCommands.grants(arguments) ?? old.grants,
      audiences: list("audience", old.audiences), scopes: text("scopes", old.scopes))
  }

  private static func notes(_ bits: UInt16) -> [String] {
    var notes: [String] = []
    if bits & AppUpdateReply.trustIgnored != 0 {
      notes.append("trusted was ignored: only a system administrator sets it")
    }
    if bits & AppUpdateReply.grantsKept != 0 {
      notes.append("grants were kept: only a system administrator changes them like this")
    }
    if bits & AppUpdateReply.trustRemoved != 0 {
      notes.append(
        "trust was removed, because somebody else than a system administrator changed what people "
          + "consented to; people are asked again")
    }
    return notes
  }
}
