internal import LinuxIO
internal import TokenStorage

/// How the journal of this daemon is written.
struct JournalSettings: Sendable {
  var durability: Durability
  var options: JournalOptions
  var syncIntervalMillis: UInt64
  /// Bytes of commits at which a batch is written; one commit more may go over it.
  var batchBytes: Int
  private var snapshotJournalBytes: UInt64
  private var snapshotIntervalMillis: UInt64

  init(_ configuration: ServerConfiguration) {
    let limits = configuration.limits
    durability = configuration.durability
    options = JournalOptions()
    options.segmentBytes = limits.journalSegmentMiB << 20
    options.reserveBytes = limits.revocationReserveMiB << 20
    syncIntervalMillis = UInt64(limits.syncIntervalMillis)
    snapshotJournalBytes = UInt64(limits.snapshotJournalMiB) << 20
    snapshotIntervalMillis = UInt64(limits.snapshotIntervalSeconds) * 1_000
    batchBytes = min(
      JournalLimits.batchBytesMax, options.segmentBytes / JournalLimits.batchesPerSegmentMin)
  }

  /// Whether the batch's replies wait for a sync.
  func needsSync(_ batch: PendingBatch) -> Bool {
    #if PLANTED
      if planted(.answersBeforeTheSync) { return false }
    #endif
    return switch durability {
    case .durable, .volatile: true
    case .durableRevocations: mustBeSynced(batch)
    case .processSafe: false
    }
  }

  private func mustBeSynced(_ batch: PendingBatch) -> Bool {
    #if PLANTED
      if planted(.revocationsNotSynced) { return false }
    #endif
    return batch.needsSync
  }

  /// Quiet time after which what was written is synced and noted as durable.
  var idleMillis: Int32 {
    durability == .durable ? JournalLimits.durableIdleMillis : Int32(clamping: syncIntervalMillis)
  }

  /// When snapshots are due, after the one that the service started from.
  ///
  /// - Parameter foundBytes: of the journal behind it.
  func schedule(after last: SnapshotSummary?, foundBytes: UInt64) -> SnapshotSchedule {
    SnapshotSchedule(
      journalBytes: snapshotJournalBytes, intervalMillis: snapshotIntervalMillis,
      lastPosition: last?.position ?? 0, lastByteCount: last?.byteCount ?? 0,
      foundBytes: foundBytes, nowMillis: { SystemClock.monotonicNanos() / 1_000_000 })
  }

  var hasReserve: Bool { options.reserveBytes > 0 }
}
