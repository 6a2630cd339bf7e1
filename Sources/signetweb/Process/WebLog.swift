internal import LinuxIO

/// Lines on standard error: `signetweb: level: message`. Tokens, secrets, codes, headers and bodies
/// of requests are never passed to it.
///
/// At most `burst` lines at once and `burst` a minute in the long run below the level error; what
/// is left out is counted in the next line, so a stranger cannot fill the disk with refusals.
final class WebLog: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var left: UInt64
  private var refilledAt: UInt64
  private var suppressed: UInt64 = 0
  private let level: WebLogLevel
  private let burst: UInt64
  private let nowMillis: @Sendable () -> UInt64
  private let write: @Sendable (String) -> Void

  /// A log on standard error.
  convenience init(level: WebLogLevel) {
    // A log that cannot be written is no reason to stop serving.
    self.init(level: level) { line in try? StandardStream.error.write(line) }
  }

  init(
    level: WebLogLevel, burst: UInt64 = 120,
    nowMillis: @escaping @Sendable () -> UInt64 = { SystemClock.monotonicNanos() / 1_000_000 },
    write: @escaping @Sendable (String) -> Void
  ) {
    self.level = level
    self.burst = burst
    left = burst
    self.nowMillis = nowMillis
    self.write = write
    refilledAt = nowMillis()
  }

  /// Something failed that needs an operator. Never left out.
  func error(_ message: @autoclosure () -> String) { log(.error, message) }
  /// Something is wrong, and the program goes on.
  func warning(_ message: @autoclosure () -> String) { log(.warning, message) }
  /// Something worth knowing in normal running.
  func info(_ message: @autoclosure () -> String) { log(.info, message) }
  /// A detail for somebody who looks for a fault.
  func debug(_ message: @autoclosure () -> String) { log(.debug, message) }

  /// A line that belongs to every run: whatever the level, and not counted.
  func notice(_ message: String) {
    write("signetweb: info: \(Self.oneLine(message))\n")
  }

  private func log(_ lineLevel: WebLogLevel, _ message: () -> String) {
    guard lineLevel <= level else { return }
    let missing: UInt64? = lock.withLock {
      guard lineLevel == .error || takeAllowance() else {
        suppressed += 1
        return nil
      }
      defer { suppressed = 0 }
      return suppressed
    }
    guard let missing else { return }
    let note = missing > 0 ? " (\(missing) lines before this were left out)" : ""
    write("signetweb: \(lineLevel.name): \(Self.oneLine(message()))\(note)\n")
  }

  /// Takes one line out of the allowance. Under the lock.
  private func takeAllowance() -> Bool {
    let now = nowMillis()
    let due = (now - refilledAt) * burst / 60_000
    if due > 0 {
      left = min(left + due, burst)
      refilledAt = now
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  private static func oneLine(_ text: String) -> String { PrintableText.escaped(text) }
}
