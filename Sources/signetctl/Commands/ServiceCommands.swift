internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// The service itself.
enum ServiceCommands {
  static let all = [
    audit, snapshot, backup, status, stats, clockAccept, metadata, ping, barrier,
  ]

  static let audit = Command(
    path: ["audit"], summary: "shows the audit records, oldest first",
    options: Invocation.paging, example: "signetctl audit --json"
  ) { invocation throws(CommandError) in
    var records: [AuditEntry] = []
    let next = try invocation.pages(
      try invocation.cursor(), { AuditRequest(cursor: $0, maxBytes: 0) }
    ) { reply in
      records += reply.records
      return reply.nextCursor
    }
    return Report(
      .table(
        key: "records",
        columns: [
          Column("at"), Column("event"), Column("actor"), Column("user"),
          Column("clientId", "client id"), Column("peerUid", "uid"), Column("result"),
        ], rows: records.map(row)),
      .pageEnd(next))
  }

  static let snapshot = Command(
    path: ["snapshot"], summary: "writes a snapshot now", isLong: true,
    example: "signetctl snapshot"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(SnapshotRequest(), showing: "snapshot.progress")
    return .done("Written.", [Field("position", .number(reply.position))])
  }

  static let backup = Command(
    path: ["backup"], summary: "writes a backup into the service's backup directory",
    operands: [OperandSpec(name: "NAME", summary: "its name there; no path")], isLong: true,
    example: "signetctl backup monday",
    notes: "The directory is the service's setting backup-directory. No key is in a backup."
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(
      BackupRequest(name: invocation.arguments.operand(0)), showing: "snapshot.progress")
    return .done(
      "Written.",
      [Field("path", .text(reply.path)), Field("position", .number(reply.position))])
  }

  static let status = Command(
    path: ["status"], summary: "shows how the service is",
    example: "signetctl status"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(StatusRequest())
    return Report(
      .fields(
        [
          Field("position", .number(reply.position))
        ] + reply.facts.map(fact)),
      notes: reply.facts.contains(suspectClock) ? [clockAdvice] : [])
  }

  static let clockAccept = Command(
    path: ["clock", "accept"], summary: "tells the service that the wall clock is right as it is",
    example: "signetctl clock accept",
    notes: "A wall clock that steps by more than 5 seconds is suspect: status says so, and nothing "
      + "is freed until it agrees again or is accepted. Look at `date` first: accepting a clock "
      + "that is ahead frees what should live on, for good."
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(ClockAcceptRequest())
    return .done(
      reply.wasSuspect ? "Accepted." : "The clock was not suspect; nothing changed.",
      [
        Field("now", .time(reply.now)), Field("wasSuspect", .bool(reply.wasSuspect)),
        Field("position", .number(reply.position)),
      ])
  }

  static let stats = Command(
    path: ["stats"], summary: "shows the service's counters",
    example: "signetctl stats --json"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(StatsRequest())
    return Report(
      .fields(
        reply.stats.map { stat in
          let name = printable(stat.name)
          return Field(name, .number(stat.value), label: name)
        }))
  }

  static let metadata = Command(
    path: ["metadata"], summary: "shows what an authorization server tells about itself (RFC 8414)",
    example: "signetctl metadata"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(MetadataRequest())
    return Report(
      .fields([
        Field("issuer", .text(reply.issuer)),
        Field("providerEnabled", .bool(reply.providerEnabled)),
        Field("dynamicRegistration", .bool(reply.dynamicRegistration)),
        Field("scopes", .text(reply.scopes)), Field("grants", Rows.grantTypes(reply.grants)),
        Field("challengeMethods", .text(reply.challengeMethods)),
        Field("authMethods", .text(reply.authMethods)), Field("position", .number(reply.position)),
      ]))
  }

  static let ping = Command(
    path: ["ping"], summary: "measures a round trip, and tells what this caller may do",
    example: "signetctl ping"
  ) { invocation throws(CommandError) in
    let connection = try invocation.connection()
    let start = SystemClock.monotonicNanos()
    _ = try invocation.call(PingRequest(echo: Array("signetctl".utf8)))
    let micros = (SystemClock.monotonicNanos() - start) / 1_000
    let hello = connection.hello
    let held = RightSet.named.filter { connection.rights.contains($0.right) }
    return Report(
      .fields([
        Field("roundTripMicros", .number(micros), label: "round trip (µs)"),
        Field("serverVersion", .text(hello.serverVersion)),
        Field("instance", .text(hexText(hello.instance.bytes))),
        Field("peerUid", .number(UInt64(hello.peerUid)), label: "uid"),
        Field("rights", .list(held.map { .text($0.name) })),
        Field("maxFrame", .number(UInt64(hello.maxFrame))),
        Field("maxInFlight", .number(UInt64(hello.maxInFlight))),
        Field("position", .number(hello.position)),
      ]))
  }

  static let barrier = Command(
    path: ["barrier"], summary: "waits until everything asked before is answered",
    example: "signetctl barrier"
  ) { invocation throws(CommandError) in
    let reply = try invocation.call(BarrierRequest())
    return Report(.fields([Field("position", .number(reply.position))]))
  }

  private static let suspectClock = FactEntry(
    name: Array("clock".utf8), value: Array("suspect".utf8))
  private static let clockAdvice =
    "the wall clock stepped and is not believed, so nothing is freed; check it with date, and if "
    + "it is right: signetctl clock accept"

  /// Facts keep their names; those that are times become times.
  private static func fact(_ fact: FactEntry) -> Field {
    let name = printable(fact.name)
    let isTime = name == "now" || name.hasSuffix("-at")
    if isTime, let millis = UInt64(String(decoding: fact.value, as: UTF8.self)) {
      return Field(name, .time(millis), label: name)
    }
    return Field(name, .text(fact.value), label: name)
  }

  private static func row(_ record: AuditEntry) -> [Field] {
    [
      Field("position", .number(record.position)), Field("at", .time(record.at)),
      Field("event", .text(record.event)), Field("actor", .text(record.actor)),
      Field("user", .text(record.user)), Field("clientId", .text(record.clientId)),
      Field("peerUid", .number(UInt64(record.peerUid))), Field("result", .text(record.result)),
    ]
  }
}

func hexText(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
