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
      showProgress: progressWriter(
        isTerminal: StandardStream.error.isTerminal, term: CurrentProcess.environment("TERM")
      ) { text in try? StandardStream.error.write(text) },
      log: Log(level: .info))
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
  private let console: MaintenanceConsole
  private let nowNanos: () -> UInt64
  private let began: UInt64
  private var toldAt: UInt64
  private var count = 0
  private var isShown = false

  private static let nanosPerSecond: UInt64 = 1_000_000_000
  /// Commits between two looks at the clock.
  private static let stride = 1_024

  /// - Parameter nowNanos: a clock that never goes back.
  init(
    _ label: String, _ console: MaintenanceConsole,
    nowNanos: @escaping () -> UInt64 = SystemClock.monotonicNanos
  ) {
    self.label = label
    self.console = console
    self.nowNanos = nowNanos
    began = nowNanos()
    toldAt = began
  }

  /// Counts a commit. `last` is the position that is expected at the end; 0 = unknown.
  mutating func note(_ position: UInt64, of last: UInt64) {
    count += 1
    guard count % Self.stride == 0 else { return }
    let now = nowNanos()
    let end = last > position ? " of \(last)" : ""
    if let show = console.showProgress {
      guard now - began >= Self.nanosPerSecond, now - toldAt >= Self.nanosPerSecond / 5 else {
        return
      }
      show("\r\(label) ... position \(position)\(end)\u{1B}[K")
      isShown = true
    } else {
      guard now - toldAt >= 10 * Self.nanosPerSecond else { return }
      console.log.notice("\(label): position \(position)\(end)")
    }
    toldAt = now
  }

  /// Takes the line away.
  mutating func end() {
    if isShown { console.showProgress?("\r\u{1B}[K") }
    isShown = false
  }
}
