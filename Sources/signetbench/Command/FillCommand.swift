internal import LinuxIO
internal import TokenWire

extension BenchCommand {
  /// `signetbench fill`.
  static let fill = BenchCommand(
    name: "fill", summary: "fill a server with live tokens, or with the same texts as keys",
    options: [
      .required("target", "NAME", "signet, redis or memcached"),
      .required("socket", "PATH", "the server's Unix socket"),
      .required("count", "N", "tokens, or keys"),
      .required("tokens", "FILE", "signet: written; elsewhere: read, or made when it is missing"),
      .value("grants", "G", "grants, a user each, that the tokens spread over (default N/10)"),
      .flag("quiet", "no live line"),
    ],
    notes: [
      "signet: needs the rights issue and admin; switches the provider on, registers an\n"
        + "application, issues N tokens in frames of 128. redis, memcached: sets the first N\n"
        + "texts of the file as keys, each with a value of 64 bytes."
    ],
    example: "signetbench fill --target signet --socket run/admin.sock --count 100000 "
      + "--tokens t.bin",
    run: { options throws(BenchError) in try Fill(options).run() })
}

/// A filling at work.
struct Fill {
  private let target: Target
  private let socketPath: String
  private let tokensPath: String
  private let count: Int
  private let grants: Int
  private let isQuiet: Bool

  init(_ options: ParsedOptions) throws(BenchError) {
    target = try options.word("target") ?? .signet
    if target == .echo { throw .usage("--target echo holds nothing to fill") }
    socketPath = options.required("socket")
    tokensPath = options.required("tokens")
    count = try options.number("count", in: 1...100_000_000, default: 1)
    grants = try options.number(
      "grants", in: 1...min(count, 4_000_000), default: min(max(count / 10, 1), 4_000_000))
    isQuiet = options.has("quiet")
  }

  func run() throws(BenchError) -> ExitCode {
    let start = SystemClock.monotonicNanos()
    if target == .signet {
      try fillSignet()
    } else {
      try fillKeys()
    }
    let seconds = Double(SystemClock.monotonicNanos() - start) / 1e9
    if !isQuiet {
      try writeOutput("\(target.rawValue): \(count) filled in \(decimal(seconds)) s\n")
    }
    return .ok
  }

  private func fillSignet() throws(BenchError) {
    let setup = try SignetSetup(path: socketPath)
    try setup.switchOn()
    let store = try TokenStore(count: count, clientId: try setup.register().clientId)
    var line = FillLine(count, isQuiet: isQuiet)
    try setup.fill(store, grants: grants) { line.show($0) }
    line.clear()
    try TokenFile.write(store, to: tokensPath)
  }

  private func fillKeys() throws(BenchError) {
    if !TokenFile.exists(tokensPath) { try TokenFile.write(madeUp(), to: tokensPath) }
    let store = try TokenFile.read(tokensPath, limit: count)
    if store.count < count {
      throw .usage("\(tokensPath) holds \(store.count) tokens", hint: "lower --count")
    }
    var plan = RunPlan()
    plan.shape = LoadShape(connections: 1, depth: 256, batch: 1)
    plan.measuredNanos = nil
    plan.requests = count
    plan.warmupNanos = 0
    let keys = KeyExchange(.set, .once, plan.shape, store, TokenMix())
    let label = "\(target.rawValue) fill"
    let watch = RunWatch(line: LiveLine.whereWatched(label, isQuiet: isQuiet))
    let tally =
      target == .redis
      ? try LoadRun.drive(RedisCodec(plan.shape, keys), target, socketPath, plan, watch)
      : try LoadRun.drive(MemcachedCodec(plan.shape, keys), target, socketPath, plan, watch)
    if tally.wrong > 0 || tally.requests != count {
      throw .wrong("\(tally.requests) of \(count) keys were stored, \(tally.wrong) refused")
    }
  }

  /// Texts like those of tokens, of no service.
  private func madeUp() throws(BenchError) -> TokenStore {
    let store = try TokenStore(count: count, clientId: [])
    var numbers = RandomNumbers(seed: SystemClock.realtimeMillis())
    for index in 0..<count {
      let token = ParsedToken(
        kind: .accessToken, keyID: 0, idWord0: numbers.next(), idWord1: numbers.next(),
        tagWord0: numbers.next(), tagWord1: numbers.next())
      store.setText(TokenText.bytes(token), at: index, user: UInt32(index * grants / count))
    }
    return store
  }
}
