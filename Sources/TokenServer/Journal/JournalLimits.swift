/// Every bound of the journal's threads, in one place. What is a setting is in `NumberKey`, what is
/// of the format in TokenStorage.
enum JournalLimits {
  // What is on its way to the disk.

  /// Bytes of commits at which a batch is written; one commit more may go over it.
  static let batchBytesMax = 4 << 20
  /// A batch takes at most this part of a segment, and half of the smaller one that a start makes,
  /// plus one commit.
  static let batchesPerSegmentMin = 8
  /// Replies and effects on their way before the lane waits. While a sync hangs this is what
  /// revocations may still fill, and the memory that they may take: below 100 MiB.
  static let queuedWeightMax = 131_072
  /// Bytes of commits that are kept in memory while nothing can be written.
  static let keptBytesMax = 64 << 20

  // Waits.

  /// The longest that a batch waits for more commits to share its sync.
  static let companyNanosMax: UInt64 = 200_000

  /// A write that takes longer: grants are refused, as nothing tells when they could be answered.
  static let slowWriteMillis: UInt64 = 10_000
  /// A write that takes longer: the process stops, so that a disk that wakes up does not
  /// acknowledge what clients have long given up.
  static let hungWriteMillis: UInt64 = 60_000
  /// Quiet time after which the last batch is noted as durable, under `durable`.
  static let durableIdleMillis: Int32 = 5
  /// How often a segment is asked for again while the disk is full.
  static let retryMillis: UInt64 = 1_000
  /// How often a reserve is made again where there was no room for one.
  static let reserveRetryMillis: UInt64 = 60_000

  // Snapshots and backups.

  /// Different cuts that may be asked for at once, and who may wait for one.
  static let jobCapacity = 16
  /// A cut that could not be finished for want of memory is begun again so often.
  static let cutAttemptsMax = 3
  /// Wait after a snapshot that failed.
  static let snapshotRetryMillis: UInt64 = 30_000
  /// How often it is looked whether the journal is durable up to a cut.
  static let durableLookMillis: UInt64 = 5
}
