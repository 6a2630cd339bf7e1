internal import LinuxIO

/// How long the journal's thread waits for company before it writes.
///
/// Clients that one sync has answered ask again together, but not all in the same instant: a batch
/// begun with the first of them leaves the others to the next, and each sync carries half of what
/// it could. So a batch that is smaller than the one before gives its processor away for a moment,
/// which is what workers and lane need to bring the rest. Who comes after a pause, when the journal
/// was idle, does not wait.
struct GroupCommit {
  /// Commits of the last batch.
  private var lastCount = 0
  /// How long its write and sync took.
  private var lastNanos: UInt64 = 0

  /// Returns when as many commits wait as were written last, or the time is over: half of what the
  /// last write took, and never more than the limit.
  func gather(_ queue: JournalQueue) {
    guard lastCount > 1, !hasCompany(queue.commitCount) else { return }
    let end = SystemClock.monotonicNanos() + min(lastNanos / 2, JournalLimits.companyNanosMax)
    repeat {
      SystemThread.yield()
    } while !hasCompany(queue.commitCount) && SystemClock.monotonicNanos() < end
  }

  /// Nothing at all is no reason to wait here: the thread sleeps then.
  private func hasCompany(_ count: Int) -> Bool { count == 0 || count >= lastCount }

  mutating func note(count: Int, nanos: UInt64) {
    lastCount = count
    lastNanos = nanos
  }
}
