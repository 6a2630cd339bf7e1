internal import LinuxIO

/// How far the reading of a data directory is, from the second second on: a bar for a person at a
/// terminal, else a line of the log a second. For one thread.
final class RecoveryProgress {
  private let log: Log
  private var meter: ProgressMeter
  private var pages = 0
  private var commits = 0

  private static let pace = ProgressMeter.Pace(
    stride: 256, shownMillis: 1_000, loggedMillis: 1_000)
  private static let barCells = 24

  /// - Parameters:
  ///   - show: writes to the terminal; nil where nobody watches.
  ///   - nowNanos: a clock that never goes back.
  init(
    _ log: Log, show: ((String) -> Void)? = nil,
    nowNanos: @escaping () -> UInt64 = SystemClock.monotonicNanos
  ) {
    self.log = log
    meter = ProgressMeter(Self.pace, log, show: show, nowNanos: nowNanos)
  }

  /// Notes how much of the snapshot was read.
  func note(pages done: Int, of inAll: Int) {
    pages = done
    let text = { "recovering: \(done) of \(inAll) pages of the snapshot read" }
    meter.note(done, onTerminal: { Self.bar(done, inAll) + text() }, inLog: text)
  }

  /// Counts a commit that was applied.
  func note(position: UInt64) {
    commits += 1
    let text = { [commits] in
      "recovering: \(commits) commits of the journal read, position \(position)"
    }
    meter.note(commits, onTerminal: text, inLog: text)
  }

  /// `[######..................] `.
  private static func bar(_ done: Int, _ inAll: Int) -> String {
    let full = barCells * min(done, inAll) / max(inAll, 1)
    let empty = String(repeating: ".", count: barCells - full)
    return "[\(String(repeating: "#", count: full))\(empty)] "
  }

  /// Takes the bar away and tells what was read, if anything was.
  func end() {
    meter.end()
    guard commits + pages > 0 else { return }
    log.info(
      "recovered \(pages) pages of a snapshot and \(commits) commits of the journal in "
        + "\(meter.elapsedMillis) ms")
  }
}
