internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// Mass revocation: one gate rises, however many tokens are behind it.
enum RevocationCommands {
  static let all = [user, app, before]

  private static let reasons: [(name: String, reason: RevokeUserRequest.Reason)] = [
    ("all-sessions", .allSessions), ("password-changed", .passwordChanged),
    ("user-deleted", .userDeleted),
  ]

  static let user = Command(
    path: ["revoke-user"], summary: "revokes every token of a person",
    operands: [OperandSpec(name: "USER", summary: "the person's id")],
    options: [
      .value(
        "reason", "REASON",
        "all-sessions (default), password-changed (obeys the setting), or "
          + "user-deleted (consents and ownership of apps go too)")
    ], changesState: true, example: "signetctl revoke-user bob --reason password-changed"
  ) { invocation throws(CommandError) in
    let written = invocation.arguments.text("reason") ?? reasons[0].name
    guard let known = reasons.first(where: { $0.name == written }) else {
      let names = reasons.map(\.name)
      throw .usage(
        "there is no reason '\(written)'",
        hint: nearestName(to: written.utf8, among: names).map { "did you mean \($0)?" }
          ?? "there is \(names.joined(separator: ", "))")
    }
    let reply = try invocation.change(
      RevokeUserRequest(user: invocation.arguments.operand(0), reason: known.reason))
    return .done(
      reply.applied
        ? "Every token of that person is dead."
        : "Nothing was revoked: the setting revoke-on-password-change is off.",
      [Field("applied", .bool(reply.applied)), Field("position", .number(reply.position))])
  }

  static let app = Command(
    path: ["revoke-app"], summary: "revokes every token of an application",
    operands: [OperandSpec(name: "CLIENT", summary: "its client id")],
    changesState: true, example: "signetctl revoke-app abcdefghijklmnopqrstuvwxyz"
  ) { invocation throws(CommandError) in
    let reply = try invocation.change(
      RevokeAppRequest(clientId: invocation.arguments.operand(0)))
    return .done(
      "Every token of that application is dead.", [Field("position", .number(reply.position))])
  }

  static let before = Command(
    path: ["revoke-before"], summary: "revokes every token issued up to a time",
    operands: [
      OperandSpec(
        name: "TIME", summary: "now, 2026-11-24T14:22:49Z, 2026-11-24 or Unix milliseconds",
        count: .optional)
    ],
    options: [.value("ago", "DURATION", "in place of TIME: such as 30m or 2h")],
    changesState: true, example: "signetctl revoke-before --ago 30m"
  ) { invocation throws(CommandError) in
    let before = try time(invocation.arguments)
    let reply = try invocation.change(RevokeBeforeRequest(before: before))
    return .done(
      "Every token issued up to position \(reply.gatePosition) is dead.",
      [
        Field("gatePosition", .number(reply.gatePosition)),
        Field("position", .number(reply.position)),
      ])
  }

  private static func time(_ arguments: ParsedArguments) throws(CommandError) -> UInt64 {
    switch (arguments.operands.first, arguments.text("ago")) {
    case (let time?, nil): return try Quantities.time(time)
    case (nil, let ago?):
      let seconds = try Quantities.seconds(ago, "--ago")
      let now = SystemClock.realtimeMillis()
      return now - min(UInt64(seconds) * 1_000, now - 1)
    default: throw .usage("revoke-before needs TIME or --ago, one of them")
    }
  }
}
