internal import LinuxIO

/// Lines on standard error: `signetd: level: message`. Tokens, secrets and bodies of requests are
/// never passed to it.
///
/// At most `burst` lines at once and `burst` a minute in the long run below the level error; what
/// is left out is counted in the next line, so a peer cannot fill the disk with refusals.
public final class Log: Sendable {
  private let level: LogLevel
  private let writer: LogWriter

  /// A log on standard error.
  public init(level: LogLevel) {
    self.level = level
    writer = LogWriter(program: "signetd")
  }

  init(
    level: LogLevel, burst: UInt64 = 120,
    nowMillis: @escaping @Sendable () -> UInt64 = { SystemClock.monotonicNanos() / 1_000_000 },
    write: @escaping @Sendable (String) -> Void
  ) {
    self.level = level
    writer = LogWriter(program: "signetd", burst: burst, nowMillis: nowMillis, write: write)
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
  public func notice(_ message: String) { writer.notice(message) }

  private func log(_ lineLevel: LogLevel, _ message: () -> String) {
    guard lineLevel <= level else { return }
    writer.line(lineLevel.name, isCounted: lineLevel != .error, message)
  }
}
