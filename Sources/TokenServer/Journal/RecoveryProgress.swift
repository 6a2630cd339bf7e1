internal import LinuxIO

/// A line a second while a data directory is read, from the second second on. For one thread.
final class RecoveryProgress {
  private let log: Log
  private let began = SystemClock.monotonicNanos()
  private var toldAt = SystemClock.monotonicNanos()
  private var pages = 0
  private var commits = 0
  private var position: UInt64 = 0

  private static let nanosPerSecond: UInt64 = 1_000_000_000
  /// Commits or pages between two looks at the clock.
  private static let stride = 256

  init(_ log: Log) { self.log = log }

  /// Notes how much of the snapshot was read.
  func note(pages done: Int, of inAll: Int) {
    pages = done
    tell(done) { "recovering: \(done) of \(inAll) pages of the snapshot read" }
  }

  /// Counts a commit that was applied.
  func note(position: UInt64) {
    self.position = position
    commits += 1
    tell(commits) { "recovering: \(commits) commits of the journal read, position \(position)" }
  }

  private func tell(_ count: Int, _ text: () -> String) {
    guard count % Self.stride == 0 else { return }
    let now = SystemClock.monotonicNanos()
    guard now - toldAt >= Self.nanosPerSecond else { return }
    toldAt = now
    log.notice(text())
  }

  /// Tells what was read, if anything was.
  func end() {
    guard commits + pages > 0 else { return }
    let millis = (SystemClock.monotonicNanos() - began) / 1_000_000
    log.info(
      "recovered \(pages) pages of a snapshot and \(commits) commits of the journal in \(millis) ms"
    )
  }
}
