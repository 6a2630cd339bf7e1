internal import LinuxIO

/// A line on standard error while a server is filled: how many, how fast, how long to go.
struct FillLine {
  private static let intervalNanos: UInt64 = 500_000_000

  private let count: Int
  private let isShown: Bool
  private let start = SystemClock.monotonicNanos()
  private var nextNanos: UInt64 = 0

  init(_ count: Int, isQuiet: Bool) {
    self.count = count
    isShown = !isQuiet && StandardStream.error.isTerminal
  }

  mutating func show(_ done: Int) {
    guard isShown, done > 0 else { return }
    let now = SystemClock.monotonicNanos()
    guard now >= nextNanos else { return }
    nextNanos = now + Self.intervalNanos
    let perSecond = Double(done) * 1e9 / Double(max(now - start, 1))
    let left = Int(Double(count - done) / max(perSecond, 1))
    write("\r\u{1B}[K\(done) of \(count) tokens, \(Int(perSecond)) a second, \(left) s left")
  }

  func clear() { if isShown { write("\r\u{1B}[K") } }

  private func write(_ text: String) {
    // Nobody is left to watch when standard error is closed.
    try? StandardStream.error.write(text)
  }
}
