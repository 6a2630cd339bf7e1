internal import LinuxIO
internal import TokenCore

/// Revoking an application with many live tokens beside revoking one token: decide and apply, as
/// the commit lane does it. Afterwards every token of every revoked application is asked for.
struct RevocationComparison {
  let tokensOfAnApp: Int
  let rounds: Int

  /// Revocations of a round, each side's. The first of an application ends its live tokens, the
  /// others find none: its time alone says what they cost, the median what the noise is.
  private static let samples = 33

  func report(to report: inout JSONText) throws(BenchError) {
    let table = try LiveTable(room: (rounds + 1) * tokensOfAnApp)
    let other = try table.register()
    try table.issue(rounds * Self.samples, to: other)
    let single = table.ids
    var apps: [[UInt8]] = []
    for _ in 0..<rounds {
      apps.append(try table.register())
      try table.issue(tokensOfAnApp, to: apps[apps.count - 1])
    }
    var appNanos: [Double] = []
    var tokenNanos: [Double] = []
    var firstAppNanos: [Double] = []
    var firstTokenNanos: [Double] = []
    for (round, app) in apps.enumerated() {
      var appTimes: [UInt64] = []
      var tokenTimes: [UInt64] = []
      for sample in 0..<Self.samples {
        let id = single[round * Self.samples + sample]
        tokenTimes.append(try time { () throws(BenchError) in try table.revoke(id) })
        appTimes.append(
          try time { () throws(BenchError) in try table.commit(.revokeApp(clientID: app)) })
      }
      firstAppNanos.append(Double(appTimes[0]))
      firstTokenNanos.append(Double(tokenTimes[0]))
      appNanos.append(Double(SplitTimes.quantile(appTimes.sorted(), 0.5)))
      tokenNanos.append(Double(SplitTimes.quantile(tokenTimes.sorted(), 0.5)))
    }
    report.add("appNanos", appNanos)
    report.add("tokenNanos", tokenNanos)
    report.add("firstAppNanos", firstAppNanos)
    report.add("firstTokenNanos", firstTokenNanos)
    report.add("checked", table.ids.count)
    report.add("stillLive", liveCount(table))
  }

  private func time(_ body: () throws(BenchError) -> Void) throws(BenchError) -> UInt64 {
    let began = SystemClock.monotonicNanos()
    try body()
    return SystemClock.monotonicNanos() - began
  }

  private func liveCount(_ table: LiveTable) -> Int {
    let space = table.state.space
    let nowSeconds = UInt32(SystemClock.realtimeMillis() / 1_000)
    var live = 0
    for id in table.ids where space.lookup(id, nowSeconds: nowSeconds).verdict == .live {
      live += 1
    }
    return live
  }
}
