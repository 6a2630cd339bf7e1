internal import LinuxIO

/// How far the reading of a data directory is, from the second second on: a bar for a person at a
/// terminal, else a line of the log a second. For one thread.
final class RecoveryProgress {
  private let log: Log
  private let show: ((String) -> Void)?
  private let nowNanos: () -> UInt64
  private let began: UInt64
  private var toldAt: UInt64
  private var pages = 0
  private var commits = 0
  private var position: UInt64 = 0
  private var isShown = false

  private static let nanosPerSecond: UInt64 = 1_000_000_000
  /// Commits or pages between two looks at the clock.
  private static let stride = 256
  private static let barCells = 24

  /// - Parameters:
  ///   - show: writes to the terminal; nil where nobody watches.
  ///   - nowNanos: a clock that never goes back.
  init(
    _ log: Log, show: ((String) -> Void)? = nil,
    nowNanos: @escaping () -> UInt64 = SystemClock.monotonicNanos
  ) {
    self.log = log
    self.show = show
    self.nowNanos = nowNanos
    began = nowNanos()
    toldAt = began
  }

  /// Notes how much of the snapshot was read.
  func note(pages done: Int, of inAll: Int) {
    pages = done
    tell(done, bar: Self.bar(done, inAll)) {
      "recovering: \(done) of \(inAll) pages of the snapshot read"
    }
  }

  /// Counts a commit that was applied.
  func note(position: UInt64) {
    self.position = position
    commits += 1
    tell(commits, bar: "") {
      "recovering: \(commits) commits of the journal read, position \(position)"
    }
  }

  private func tell(_ count: Int, bar: @autoclosure () -> String, _ text: () -> String) {
    guard count % Self.stride == 0 else { return }
    let now = nowNanos()
    guard now - toldAt >= Self.nanosPerSecond else { return }
    toldAt = now
    if let show {
      show("\r\(bar())\(text())\u{1B}[K")
      isShown = true
    } else {
      log.notice(text())
    }
  }

  /// `[######..................] `.
  private static func bar(_ done: Int, _ inAll: Int) -> String {
    let full = barCells * min(done, inAll) / max(inAll, 1)
    let empty = String(repeating: ".", count: barCells - full)
    return "[\(String(repeating: "#", count: full))\(empty)] "
  }

  /// Takes the bar away and tells what was read, if anything was.
  func end() {
    if isShown { show?("\r\u{1B}[K") }
    isShown = false
    guard commits + pages > 0 else { return }
    let millis = (nowNanos() - began) / 1_000_000
    log.info(
      "recovered \(pages) pages of a snapshot and \(commits) commits of the journal in \(millis) ms"
    )
  }
}
