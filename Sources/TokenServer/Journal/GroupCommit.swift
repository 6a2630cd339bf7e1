internal import LinuxIO

/// How long the journal's thread waits for company before it writes.
///
/// Clients that one sync has answered ask again together, but not all in the same instant: a batch
/// begun with the first of them, or with those who waited meanwhile, leaves the others to the next,
/// and each sync carries a part of what it could. So a batch gives its processor away for a moment,
/// which is what workers and lane need to bring the rest. Who comes after a pause, when the journal
/// was idle, does not wait.
struct GroupCommit {
  /// All that may come: what was written last, and what waited when that was done.
  private var company = 0
  /// How long the last write and sync took.
  private var lastNanos: UInt64 = 0

  /// Returns when as many commits wait as may come, when no more have come for a while, or when the
  /// time is over: half of what the last write took, and about the limit at most.
  func gather(_ queue: JournalQueue) {
    // Nothing at all is no reason to wait here: the thread sleeps then.
    var count = queue.commitCount
    guard count > 0, count < company else { return }
    var now = SystemClock.monotonicNanos()
    let end = now + min(lastNanos / 2, JournalLimits.companyNanosMax)
    var quietEnd = now + JournalLimits.companyQuietNanos
    while count < company && now < min(end, quietEnd) {
      SystemThread.yield()
      now = SystemClock.monotonicNanos()
      let seen = queue.commitCount
      if seen > count { (count, quietEnd) = (seen, now + JournalLimits.companyQuietNanos) }
    }
  }

  /// After a write.
  ///
  /// - Parameters:
  ///   - count: commits in it.
  ///   - waiting: those that came meanwhile.
  mutating func note(count: Int, nanos: UInt64, waiting: Int) {
    // One alone, as long as nobody else comes, is no company.
    company = count + waiting > 1 ? count + waiting : 0
    lastNanos = nanos
  }
}
