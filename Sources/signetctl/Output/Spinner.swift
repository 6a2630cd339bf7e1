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

  mutating func tick() {
    let elapsed = elapsedMillis
    if elapsed < 1_000 { return }
    isShown = true
    turn += 1
    let wheel = ["|", "/", "-", "\\"][turn % 4]
    write("\r\(wheel) \(label) ... \(elapsed / 1_000)s")
  }

  mutating func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }
}
