internal import LinuxIO
internal import Synchronization

/// How snapshots do, for STATUS: written by their thread.
final class SnapshotHealth: @unchecked Sendable {
  private let lock = PthreadMutex()
  // Guarded by `lock`.
  private var lastPosition: UInt64
  private var lastBytes = 0
  private var lastMillis: UInt64 = 0
  private var lastAtMillis: UInt64 = 0
  private var lastError = ""
  private var isRunning = false

  private let pagesDone = Atomic<Int>(0)
  private let pagesInAll = Atomic<Int>(0)

  /// - Parameter lastPosition: of the snapshot that the service started from; 0 = none.
  init(lastPosition: UInt64) { self.lastPosition = lastPosition }

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
      return [
        ("snapshot.position", String(lastPosition)),
        ("snapshot.made-at", String(lastAtMillis)),
        ("snapshot.bytes", String(lastBytes)),
        ("snapshot.millis", String(lastMillis)),
        ("snapshot.progress", isRunning ? progress : "none"),
        ("snapshot.error", lastError.isEmpty ? "none" : lastError),
      ]
    }
  }
}
