/// What `signetbench run` was asked for.
struct RunRequest: Equatable, Sendable {
  var target = Target.signet
  var workload = Workload.validate
  var socketPath = ""
  var plan = RunPlan()
  var wantsIdentity = true
  var mix = TokenMix()
  var tokensPath: String?
  var tokensPerGrant = 10
  var workerProcessor: Int?
  var serverPid: Int32?
  var jsonPath: String?
  var samplesPath: String?
  var isQuiet = false

  static let options: [OptionSpec] = [
    .required("target", "NAME", "signet, redis, memcached or echo"),
    .required("socket", "PATH", "the server's Unix socket"),
    .value("workload", "NAME", "validate (default), issue, mixed, revoke or refresh"),
    .value("connections", "N", "connections (default 1)"),
    .value("depth", "D", "requests in flight on each connection (default 1)"),
    .value(
      "batch", "T", "tokens in a request (default 1); redis, memcached: commands sent together"),
    .value("rate", "R", "open loop: R requests a second, latency from the intended start"),
    .value("seconds", "S", "measured time (default 5)"),
    .value("count", "N", "measured requests, in place of a time"),
    .value("warmup-seconds", "W", "time before it is measured (default 1; 0 with --count)"),
    .value("reply", "FORM", "identity (default) or verdict"),
    .value("tokens", "FILE", "live tokens, from signetbench fill"),
    .value("set", "SPREAD", "hot: 1,000 tokens (default); uniform: all of the file"),
    .value("revoked", "PCT", "so many in a hundred are revoked tokens (elsewhere: absent keys)"),
    .value("expired", "PCT", "so many are expired; takes a minute to prepare"),
    .value("forged", "PCT", "so many are forged"),
    .value("tokens-per-grant", "G", "issue, mixed: tokens of one grant in a frame (default 10)"),
    .value("worker-cpu", "N", "run this client on processor N only"),
    .value("server-pid", "PID", "count processor time and system calls of this process"),
    .value("json", "FILE", "write the result as JSON; - is standard output"),
    .value("samples", "FILE", "write start and latency of each read, pairs of u64 nanoseconds"),
    .flag("quiet", "no live line and no table"),
  ]

  init() {}

  init(_ options: ParsedOptions) throws(BenchError) {
    target = try options.word("target") ?? .signet
    workload = try options.word("workload") ?? .validate
    socketPath = options.required("socket")
    try readPlan(options)
    try readTokens(options)
    workerProcessor = try options.number("worker-cpu", in: 0...1_023)
    serverPid = try options.number("server-pid", in: 1...Int(Int32.max)).map { Int32($0) }
    jsonPath = options.text("json")
    samplesPath = options.text("samples")
    plan.keepsSamples = samplesPath != nil
    isQuiet = options.has("quiet")
    try check()
  }

  private mutating func readPlan(_ options: ParsedOptions) throws(BenchError) {
    plan.shape = LoadShape(
      connections: try options.number("connections", in: 1...4_096, default: 1),
      depth: try options.number("depth", in: 1...65_535, default: 1),
      batch: try options.number("batch", in: 1...512, default: 1))
    plan.requestsPerSecond = try options.number("rate", in: 1...100_000_000)
    plan.requests = try options.number("count", in: 1...1_000_000_000_000)
    let seconds = try options.decimal("seconds", max: 86_400)
    if let seconds, seconds == 0 { throw .usage("--seconds 0 measures nothing") }
    plan.measuredNanos =
      seconds == nil && plan.requests != nil ? nil : UInt64((seconds ?? 5) * 1e9)
    let warmup = try options.decimal("warmup-seconds", max: 3_600)
    plan.warmupNanos = UInt64((warmup ?? (plan.requests == nil ? 1 : 0)) * 1e9)
  }

  private enum Form: String, CaseIterable { case verdict, identity }

  private mutating func readTokens(_ options: ParsedOptions) throws(BenchError) {
    let form: Form? = try options.word("reply")
    wantsIdentity = form != .verdict
    tokensPath = options.text("tokens")
    tokensPerGrant = try options.number("tokens-per-grant", in: 1...128, default: 10)
    mix.spread = try options.word("set") ?? .hot
    mix.revokedPercent = try options.number("revoked", in: 0...100, default: 0)
    mix.expiredPercent = try options.number("expired", in: 0...100, default: 0)
    mix.forgedPercent = try options.number("forged", in: 0...100, default: 0)
  }

  private func check() throws(BenchError) {
    if mix.deadPercent > 100 {
      throw .usage("--revoked, --expired and --forged are more than 100 together")
    }
    if mix.deadPercent > 0 && (workload != .validate || target == .echo) {
      throw .usage("--revoked, --expired and --forged are for --workload validate")
    }
    let isSignetOnly = workload == .mixed || workload == .refresh
    if isSignetOnly && target != .signet || target == .echo && workload != .validate {
      throw .usage(
        "--target \(target.rawValue) has no workload \(workload.rawValue)",
        hint: target == .echo ? "it has validate" : "it has validate, issue and revoke")
    }
    let needsTokens = !(target == .signet && (workload == .issue || workload == .refresh))
    if needsTokens && tokensPath == nil {
      throw .usage(
        "--workload \(workload.rawValue) needs --tokens FILE", hint: "signetbench fill makes one")
    }
    if workload == .issue && target == .signet && plan.shape.batch > 128 {
      throw .usage("--batch \(plan.shape.batch): an ISSUE frame makes at most 128 tokens")
    }
    let takesOne = workload == .revoke || workload == .refresh
    if takesOne && target == .signet && plan.shape.batch != 1 {
      throw .usage("--workload \(workload.rawValue) takes one token a request", hint: "use --depth")
    }
  }
}
