internal import LinuxIO

/// A line a second while a journal is read, from the second second on.
struct RecoveryProgress {
  private let log: Log
  private let began = SystemClock.monotonicNanos()
  private var toldAt = SystemClock.monotonicNanos()
  private var commits = 0
  private var position: UInt64 = 0

  private static let nanosPerSecond: UInt64 = 1_000_000_000
  /// Commits between two looks at the clock.
  private static let stride = 1_024

  init(_ log: Log) { self.log = log }

  /// Counts a commit that was applied.
  mutating func note(position: UInt64) {
    self.position = position
    commits += 1
    guard commits % Self.stride == 0 else { return }
    let now = SystemClock.monotonicNanos()
    guard now - toldAt >= Self.nanosPerSecond else { return }
    toldAt = now
    log.notice("recovering: \(commits) commits read, position \(position)")
  }

  /// Tells what was read, if anything was.
  func end() {
    guard commits > 0 else { return }
    let millis = (SystemClock.monotonicNanos() - began) / 1_000_000
    log.info("recovered \(commits) commits up to position \(position) in \(millis) ms")
  }
}
