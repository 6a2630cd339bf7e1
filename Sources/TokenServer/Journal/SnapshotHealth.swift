internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenStorage

/// How snapshots do, for STATUS: written by their thread.
final class SnapshotHealth: @unchecked Sendable {
  private let lock = PthreadMutex()
  // Guarded by `lock`.
  private var lastPosition: UInt64
  private var lastBytes: Int
  private var lastMillis: UInt64 = 0
  private var lastAtMillis: UInt64
  private var lastError = ""
  /// Of the cut under way; nil where there is none.
  private var cut: SnapshotCut?
  private var lastBlocksCopied = 0

  private let pagesDone = Atomic<Int>(0)
  private let pagesInAll = Atomic<Int>(0)

  /// - Parameter last: what the service started from.
  init(after last: SnapshotSummary?) {
    lastPosition = last?.position ?? 0
    lastBytes = last?.byteCount ?? 0
    lastAtMillis = last?.wallMillis ?? 0
  }

  /// Each page is written, and then read back.
  func begins(_ cut: SnapshotCut) {
    pagesDone.store(0, ordering: .relaxed)
    pagesInAll.store(2 * cut.pages.count, ordering: .relaxed)
    lock.withLock { self.cut = cut }
  }

  func note(pagesDone done: Int) { pagesDone.store(done, ordering: .relaxed) }

  func ended(position: UInt64, byteCount: Int, tookMillis: UInt64) {
    lock.withLock {
      endCut()
      lastError = ""
      (lastPosition, lastBytes, lastMillis) = (position, byteCount, tookMillis)
      lastAtMillis = SystemClock.realtimeMillis()
    }
  }

  /// A cut ended that was for a backup.
  func ended() { lock.withLock { endCut() } }

  func failed(_ reason: String) {
    lock.withLock {
      endCut()
      lastError = reason
    }
  }

  /// Under `lock`.
  private func endCut() {
    if let cut { lastBlocksCopied = cut.blocksCopied }
    cut = nil
  }

  /// What STATUS says of them.
  var facts: [(name: String, value: String)] {
    lock.withLock {
      let progress =
        "\(pagesDone.load(ordering: .relaxed)) of \(pagesInAll.load(ordering: .relaxed)) pages"
      var facts = [
        ("snapshot.position", String(lastPosition)),
        ("snapshot.bytes", String(lastBytes)),
        ("snapshot.millis", String(lastMillis)),
        ("snapshot.progress", cut == nil ? "none" : progress),
        ("snapshot.blocks-copied", String(cut?.blocksCopied ?? lastBlocksCopied)),
        ("snapshot.error", lastError.isEmpty ? "none" : lastError),
      ]
      if lastAtMillis > 0 { facts.insert(("snapshot.made-at", String(lastAtMillis)), at: 1) }
      return facts
    }
  }
}
