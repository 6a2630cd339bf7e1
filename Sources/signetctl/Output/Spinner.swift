internal import LinuxIO

/// A line on standard error that says what is being waited for, from the first second on, and is
/// gone when the wait is over.
struct Spinner {
  private let label: String
  private let write: (String) -> Void
  private let start = SystemClock.monotonicNanos()
  private var isShown = false
  private var turn = 0

  init(_ label: String, _ console: Console) {
    self.label = label
    write = console.writeError
  }

  var elapsedMillis: UInt64 { (SystemClock.monotonicNanos() - start) / 1_000_000 }

  /// Whether the wait is long enough to be told of.
  var isDue: Bool { elapsedMillis >= 1_000 }

  /// - Parameter detail: how far it is; empty where that is not known.
  mutating func tick(_ detail: String = "") {
    guard isDue else { return }
    let elapsed = elapsedMillis
    isShown = true
    turn += 1
    let wheel = ["|", "/", "-", "\\"][turn % 4]
    let known = detail.isEmpty ? "" : ", \(detail)"
    write("\r\u{1B}[K\(wheel) \(label) ... \(elapsed / 1_000)s\(known)")
  }

  mutating func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }
}
