internal import LinuxIO
internal import Synchronization
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
  private var isRunning = false

  private let pagesDone = Atomic<Int>(0)
  private let pagesInAll = Atomic<Int>(0)

  /// - Parameter last: what the service started from.
  init(after last: SnapshotSummary?) {
    lastPosition = last?.position ?? 0
    lastBytes = last?.byteCount ?? 0
    lastAtMillis = last?.wallMillis ?? 0
  }

  func begins(pages: Int) {
    pagesDone.store(0, ordering: .relaxed)
    pagesInAll.store(pages, ordering: .relaxed)
    lock.withLock { isRunning = true }
  }

  func note(pagesDone done: Int) { pagesDone.store(done, ordering: .relaxed) }

  func ended(position: UInt64, byteCount: Int, tookMillis: UInt64) {
    lock.withLock {
      isRunning = false
      lastError = ""
      (lastPosition, lastBytes, lastMillis) = (position, byteCount, tookMillis)
      lastAtMillis = SystemClock.realtimeMillis()
    }
  }

  /// A cut ended that was for a backup.
  func ended() { lock.withLock { isRunning = false } }

  func failed(_ reason: String) {
    lock.withLock {
      isRunning = false
      lastError = reason
    }
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
        ("snapshot.progress", isRunning ? progress : "none"),
        ("snapshot.error", lastError.isEmpty ? "none" : lastError),
      ]
      if lastAtMillis > 0 { facts.insert(("snapshot.made-at", String(lastAtMillis)), at: 1) }
      return facts
    }
  }
}
