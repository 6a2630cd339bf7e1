internal import LinuxIO

/// A whole run: tokens, connections, the driver with the right codec, the report.
struct LoadRun {
  private let request: RunRequest

  init(_ request: RunRequest) { self.request = request }

  func run() throws(BenchError) -> ExitCode {
    if let processor = request.workerProcessor { try pin(processor) }
    let meter = try request.serverPid.map { (pid) throws(BenchError) in
      try ServerMeter(pid: pid)
    }
    let tally = try measure(meter)
    let report = RunReport(request: request, tally: tally, meter: meter)
    try report.write()
    return tally.wrong == 0 && tally.errors == 0 ? .ok : .wrong
  }

  private func pin(_ processor: Int) throws(BenchError) {
    do throws(SystemError) {
      try ProcessorAffinity.pinCallingThread(processor: processor)
    } catch {
      throw .usage("--worker-cpu \(processor): \(error)")
    }
  }

  private func measure(_ meter: ServerMeter?) throws(BenchError) -> RunTally {
    switch request.target {
    case .redis: return try drive(RedisCodec(shape, try keys()), meter)
    case .memcached: return try drive(MemcachedCodec(shape, try keys()), meter)
    case .echo: return try drive(EchoCodec(validate(try store())), meter)
    case .signet where request.workload != .validate:
      return try drive(LanePreparation(request).codec(), meter)
    case .signet:
      let store = try store()
      if request.mix.deadPercent > 0 {
        try DeadTokens(request.mix, store).prepare(path: request.socketPath)
      }
      return try drive(SignetCodec(validate(store)), meter)
    }
  }

  private var shape: LoadShape { request.plan.shape }

  private func store() throws(BenchError) -> TokenStore {
    try TokenFile.read(request.tokensPath ?? "")
  }

  private func validate(_ store: TokenStore) -> ValidateExchange {
    ValidateExchange(
      shape, store, request.mix, wantsIdentity: request.wantsIdentity,
      startMillis: SystemClock.realtimeMillis())
  }

  private func keys() throws(BenchError) -> KeyExchange {
    let store = try store()
    if request.mix.deadPercent > 0 { DeadTokens(request.mix, store).makeAbsentKeys() }
    return switch request.workload {
    case .issue: KeyExchange(.set, .fresh, shape, store, request.mix)
    case .revoke: KeyExchange(.delete, .once, shape, store, request.mix)
    default: KeyExchange(.get, .drawn, shape, store, request.mix)
    }
  }

  private func drive<Exchange: Codec & ~Copyable>(
    _ codec: consuming Exchange, _ meter: ServerMeter?
  ) throws(BenchError) -> RunTally {
    let label = "\(request.target.rawValue) \(request.workload.rawValue)"
    let watch = RunWatch(
      meter: meter, line: LiveLine.whereWatched(label, isQuiet: request.isQuiet))
    return try Self.drive(
      codec, request.target, request.socketPath, request.plan, watch)
  }

  /// Opens the connections and runs the plan.
  static func drive<Exchange: Codec & ~Copyable>(
    _ codec: consuming Exchange, _ target: Target, _ path: String, _ plan: RunPlan,
    _ watch: RunWatch
  ) throws(BenchError) -> RunTally {
    let shape = plan.shape
    let frameBytes = ValidateExchange.headBytes + shape.batch * ValidateExchange.tokenBytes
    let connections = try ConnectionSet(shape) { () throws(BenchError) in
      try Opening.open(target, path: path, depth: shape.depth, frameBytes: frameBytes)
    }
    var driver: Driver<Exchange>
    do throws(SystemError) {
      driver = try Driver(codec, connections, plan, watch)
    } catch {
      throw .cannotConnect("\(error)")
    }
    return try driver.run()
  }
}
