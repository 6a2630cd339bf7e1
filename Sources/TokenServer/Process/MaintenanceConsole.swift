internal import LinuxIO

/// Where work on a data directory at rest reports to.
struct MaintenanceConsole {
  /// The report.
  var write: (String) -> Void
  /// Progress for a person who watches; nil where nobody does, then it is lines of the log.
  var showProgress: ((String) -> Void)?
  var log: Log

  static func standard() -> MaintenanceConsole {
    MaintenanceConsole(
      // Nobody reads it: nothing to report to.
      write: { text in try? StandardStream.output.write(text) },
      showProgress: standardProgress, log: Log(level: .info))
  }

  /// Shows progress on standard error; nil where that is no terminal.
  static var standardProgress: ((String) -> Void)? {
    progressWriter(
      isTerminal: StandardStream.error.isTerminal, term: CurrentProcess.environment("TERM")
    ) { text in try? StandardStream.error.write(text) }
  }

  /// What shows progress, on a terminal that can take a line back; nil elsewhere.
  static func progressWriter(
    isTerminal: Bool, term: String?, _ write: @escaping (String) -> Void
  ) -> ((String) -> Void)? {
    isTerminal && term != nil && term != "dumb" ? write : nil
  }
}

/// How far a reading is: on a terminal one line from the second second on, else a line of the log
/// every ten seconds.
struct MaintenanceProgress {
  private let label: String
  private var meter: ProgressMeter
  private var count = 0

  private static let pace = ProgressMeter.Pace(
    stride: 1_024, shownMillis: 200, loggedMillis: 10_000)

  /// - Parameter nowNanos: a clock that never goes back.
  init(
    _ label: String, _ console: MaintenanceConsole,
    nowNanos: @escaping () -> UInt64 = SystemClock.monotonicNanos
  ) {
    self.label = label
    meter = ProgressMeter(
      Self.pace, console.log, show: console.showProgress, nowNanos: nowNanos)
  }

  /// Counts a commit. `last` is the position that is expected at the end; 0 = unknown.
  mutating func note(_ position: UInt64, of last: UInt64) {
    count += 1
    let end = { last > position ? " of \(last)" : "" }
    meter.note(
      count, onTerminal: { [label] in "\(label) ... position \(position)\(end())" },
      inLog: { [label] in "\(label): position \(position)\(end())" })
  }

  /// Takes the line away.
  mutating func end() { meter.end() }
}
