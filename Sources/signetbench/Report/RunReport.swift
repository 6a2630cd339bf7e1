internal import LinuxIO

/// The result of a run, as JSON and as lines for a person.
struct RunReport {
  let request: RunRequest
  let tally: RunTally
  let meter: ServerMeter?

  /// Writes what was asked for: the file, the table.
  func write() throws(BenchError) {
    if let path = request.samplesPath { try tally.samples?.write(to: path) }
    if let path = request.jsonPath {
      if path == "-" {
        try writeOutput(json)
      } else {
        try writeFile(path)
      }
    }
    if !request.isQuiet && request.jsonPath != "-" { try writeOutput(text) }
    guard tally.wrong > 0 || tally.errors > 0 else { return }
    let refusal = tally.firstRefusal.map { "; the first: \($0)" } ?? ""
    // Nobody is left to tell when standard error is closed.
    try? StandardStream.error.write(
      PrintableText.escaped(
        "signetbench: \(tally.wrong) wrong answers, \(tally.errors) refused requests\(refusal)")
        + "\n")
  }

  private func writeFile(_ path: String) throws(BenchError) {
    do {
      let file = try File.open(path: path, .readWrite(createModeBits: 0o644))
      try file.truncate(toByteCount: 0, path: path)
      try file.writeWhole(Array(json.utf8), at: 0, path: path)
    } catch {
      throw .file("cannot write the result: \(error)")
    }
  }

  private var latencies: [(String, UInt64)] {
    let histogram = tally.latency
    return [
      ("p50", histogram.quantile(0.5)), ("p90", histogram.quantile(0.9)),
      ("p99", histogram.quantile(0.99)), ("p99_9", histogram.quantile(0.999)),
      ("p99_99", histogram.quantile(0.9999)), ("max", histogram.max),
    ]
  }

  private func perRequest(_ number: UInt64?) -> Double? {
    guard let number, tally.requests > 0 else { return nil }
    return Double(number) / Double(tally.requests)
  }

  /// One object, a line a member.
  var json: String {
    let shape = request.plan.shape
    var object = JSONText()
    object.add("target", request.target.rawValue)
    object.add("workload", request.workload.rawValue)
    object.add("reply", request.wantsIdentity ? "identity" : "verdict")
    object.add("set", request.mix.spread.rawValue)
    object.add("connections", shape.connections)
    object.add("depth", shape.depth)
    object.add("batch", shape.batch)
    object.add("rateWanted", request.plan.requestsPerSecond.map { Double($0) })
    object.add("seconds", Double(tally.measuredNanos) / 1e9)
    object.add("requests", tally.requests)
    object.add("tokens", tally.tokens)
    object.add("ratePerSecond", tally.tokensPerSecond)
    object.add("requestsPerSecond", tally.requestsPerSecond)
    object.open("latencyNanos")
    for (name, nanos) in latencies { object.add(name, Int(nanos)) }
    object.add("mean", tally.latency.mean)
    object.close()
    object.add("samples", Int(tally.latency.count))
    object.add("unsent", tally.unsent)
    object.add("heldBackRequests", tally.heldBack)
    object.add("wrongVerdicts", tally.wrong)
    object.add("errors", tally.errors)
    object.add("firstError", tally.firstRefusal)
    object.add("serverCpuNanosPerRequest", perRequest(meter?.cpuNanos))
    object.add("serverSyscallsPerRequest", perRequest(meter?.systemCalls))
    object.add("serverSyscallsReason", meter == nil ? "no --server-pid" : meter?.callsReason)
    object.add("clientCpuShare", tally.clientCPUShare)
    return object.text
  }

  private var text: String {
    var lines = [
      "\(request.target.rawValue) \(request.workload.rawValue): "
        + "\(UInt64(tally.tokensPerSecond)) tokens/s, "
        + "\(UInt64(tally.requestsPerSecond)) requests/s",
      "latency us: "
        + latencies.map { "\($0.0) \(decimal(Double($0.1) / 1_000))" }.joined(separator: "  "),
    ]
    var server = "client processor share \(decimal(tally.clientCPUShare))"
    if let nanos = perRequest(meter?.cpuNanos) {
      server += ", server \(decimal(nanos)) ns a request"
    }
    if let calls = perRequest(meter?.systemCalls) {
      server += ", \(decimal(calls)) system calls a request"
    }
    lines.append(server)
    lines.append("\(tally.wrong) wrong answers, \(tally.errors) refused requests")
    return lines.joined(separator: "\n") + "\n"
  }
}
