internal import LinuxIO

/// A line on standard error, twice a second, while a person waits: rate, latency, time to the end.
struct LiveLine {
  private static let intervalNanos: UInt64 = 500_000_000

  private let label: String
  private var nextNanos: UInt64 = 0
  private var isShown = false

  init(_ label: String) { self.label = label }

  /// A line for standard error; nil when nobody watches it.
  static func whereWatched(_ label: String, isQuiet: Bool) -> LiveLine? {
    isQuiet || !StandardStream.error.isTerminal ? nil : LiveLine(label)
  }

  mutating func show(_ tally: RunTally, _ plan: RunPlan, _ elapsedNanos: UInt64, now: UInt64) {
    guard now >= nextNanos else { return }
    nextNanos = now + Self.intervalNanos
    isShown = true
    guard elapsedNanos > 0 else { return write("\r\u{1B}[K\(label): warming up") }
    let rate = Double(tally.tokens) * 1e9 / Double(elapsedNanos)
    let p99 = tally.latency.quantile(0.99) / 1_000
    let wrong = tally.wrong > 0 ? ", \(tally.wrong) WRONG" : ""
    write(
      "\r\u{1B}[K\(label): \(UInt64(rate)) tokens/s, p99 \(p99) us\(wrong), "
        + "\(Self.left(tally, plan, elapsedNanos)) s left")
  }

  /// Seconds to the end.
  static func left(_ tally: RunTally, _ plan: RunPlan, _ elapsedNanos: UInt64) -> UInt64 {
    let byTime = plan.measuredNanos.map { $0 > elapsedNanos ? $0 - elapsedNanos : 0 }
    let byCount = plan.requests.flatMap { wanted -> UInt64? in
      guard tally.requests > 0 else { return nil }
      let missing = Double(max(wanted - tally.requests, 0))
      return UInt64(missing / Double(tally.requests) * Double(elapsedNanos))
    }
    return min(byTime ?? .max, byCount ?? byTime ?? 0) / 1_000_000_000
  }

  mutating func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    // Nobody is left to watch when standard error is closed.
    try? StandardStream.error.write(text)
  }
}
