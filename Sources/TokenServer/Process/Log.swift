internal import LinuxIO

/// Lines on standard error: `signetd: level: message`. Tokens, secrets and bodies of requests are
/// never passed to it.
///
/// At most `burst` lines at once and `burst` a minute in the long run below the level error; what
/// is left out is counted in the next line, so a peer cannot fill the disk with refusals.
public final class Log: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var left: UInt64
  private var refilledAt: UInt64
  private var suppressed: UInt64 = 0
  private let level: LogLevel
  private let burst: UInt64
  private let nowMillis: @Sendable () -> UInt64
  private let write: @Sendable (String) -> Void

  /// A log on standard error.
  public convenience init(level: LogLevel) {
    // A log that cannot be written is no reason to stop serving.
    self.init(level: level) { line in try? StandardStream.error.write(line) }
  }

  init(
    level: LogLevel, burst: UInt64 = 120,
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

  /// Something failed that needs an operator. Never left out, and not counted in the allowance.
  public func error(_ message: @autoclosure () -> String) { log(.error, message) }
  /// Something is wrong, and the service goes on. Counted in the allowance, as `info` and `debug`
  /// are.
  public func warning(_ message: @autoclosure () -> String) { log(.warning, message) }
  /// Something worth knowing in normal running.
  public func info(_ message: @autoclosure () -> String) { log(.info, message) }
  /// A detail for somebody who looks for a fault. Below the level that was set, no message is even
  /// composed; that is so for every level.
  public func debug(_ message: @autoclosure () -> String) { log(.debug, message) }

  /// A line that belongs to every run: whatever the level, and not counted.
  public func notice(_ message: String) {
    write("signetd: info: \(Self.oneLine(message))\n")
  }

  private func log(_ lineLevel: LogLevel, _ message: () -> String) {
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
    write("signetd: \(lineLevel.name): \(Self.oneLine(message()))\(note)\n")
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

  /// A name from outside must not begin a line of its own.
  private static func oneLine(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    return isPlain ? text : PrintableText.escaped(text)
  }
}
