internal import LinuxIO

/// Lines on standard error: `signetweb: level: message`. Tokens, secrets, codes, headers and bodies
/// of requests are never passed to it. How many there may be is `LogWriter`'s.
struct WebLog: Sendable {
  private let level: WebLogLevel
  private let writer: LogWriter

  /// A log on standard error.
  init(level: WebLogLevel) { self.init(level: level, LogWriter(program: "signetweb")) }

  init(level: WebLogLevel, _ writer: LogWriter) {
    self.level = level
    self.writer = writer
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
  func notice(_ message: String) { writer.notice(message) }

  private func log(_ lineLevel: WebLogLevel, _ message: () -> String) {
    guard lineLevel <= level else { return }
    writer.line(lineLevel.name, isCounted: lineLevel != .error, message)
  }
}
