internal import LinuxIO
internal import Synchronization
internal import TokenStorage

/// How the journal does, for other threads: written by its thread, read by the lane and by STATUS.
final class JournalHealth: Sendable {
  private let admissionValue = Atomic<UInt8>(Admission.everything.rawValue)
  private let writeBeganNanos = Atomic<UInt64>(0)
  private let nowNanos: @Sendable () -> UInt64
  /// Bytes of batches since the start.
  let appendedBytes = Atomic<UInt64>(0)
  let batches = Atomic<UInt64>(0)
  /// Bytes of commits that are in memory only, because the disk and the reserve are full.
  let keptBytes = Atomic<Int>(0)
  let isInReserve = Atomic<Bool>(false)
  private let lastBatchValue = Mutex<SnapshotMark?>(nil)
  /// What a power cut leaves. Behind `released` where a policy acknowledges before the sync.
  let durablePosition = Atomic<UInt64>(0)

  /// - Parameter nowNanos: a clock that never goes back.
  init(nowNanos: @escaping @Sendable () -> UInt64 = { SystemClock.monotonicNanos() }) {
    self.nowNanos = nowNanos
  }

  /// What the disk allows.
  var admission: Admission {
    let stated = Admission(rawValue: admissionValue.load(ordering: .acquiring)) ?? .nothing
    if stated == .everything && writeMillis > JournalLimits.slowWriteMillis { return .diskHangs }
    return stated
  }

  func state(_ admission: Admission) {
    admissionValue.store(admission.rawValue, ordering: .releasing)
  }

  func writeBegins() {
    writeBeganNanos.store(nowNanos(), ordering: .releasing)
  }

  func writeEnded() { writeBeganNanos.store(0, ordering: .releasing) }

  /// The last batch that was written. The lane is never behind it, so a cut that it makes later
  /// holds all of that batch; nil = nothing runs yet.
  var lastBatch: SnapshotMark? { lastBatchValue.withLock { $0 } }

  /// Notes what there is before the first batch.
  func note(last batch: SnapshotMark) { lastBatchValue.withLock { $0 = batch } }

  /// Notes a batch that was written.
  func note(_ batch: SnapshotMark, _ byteCount: Int, isInReserve inReserve: Bool) {
    note(last: batch)
    batches.wrappingAdd(1, ordering: .relaxed)
    appendedBytes.wrappingAdd(UInt64(byteCount), ordering: .relaxed)
    isInReserve.store(inReserve, ordering: .relaxed)
  }

  /// Since when the write under way is under way; 0 = there is none.
  var writeMillis: UInt64 {
    let began = writeBeganNanos.load(ordering: .acquiring)
    if began == 0 { return 0 }
    let now = nowNanos()
    return now > began ? (now - began) / 1_000_000 : 0
  }

  var isHung: Bool { writeMillis > JournalLimits.hungWriteMillis }
}

extension JournalHealth {
  /// What STATUS says of it.
  var facts: [(name: String, value: String)] {
    [
      ("journal.admission", admission.name),
      ("journal.batches", String(batches.load(ordering: .relaxed))),
      ("journal.bytes", String(appendedBytes.load(ordering: .relaxed))),
      ("journal.in-reserve", isInReserve.load(ordering: .relaxed) ? "yes" : "no"),
      ("journal.kept-bytes", String(keptBytes.load(ordering: .relaxed))),
    ]
  }
}
