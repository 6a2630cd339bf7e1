public import TokenCrypto

/// What a directory comes to.
public enum RecoveryVerdict: Equatable, Sendable {
  /// No journal yet. The named files are left-overs of a start that was cut short while making one;
  /// they hold nothing.
  case fresh(leftovers: [String])
  /// Everything that was written is there.
  case clean(JournalEnd)
  /// The last writes were cut short before they were synced. They are dropped: none was
  /// acknowledged as durable.
  case tornTail(JournalEnd, TornTail)
  /// Something that was acknowledged is damaged or missing, or cannot be judged. Nothing in the
  /// directory was touched.
  case refused(RecoveryRefusal)
}

extension RecoveryVerdict {
  /// Why a start would refuse; nil where it would not.
  public var refusal: RecoveryRefusal? {
    if case .refused(let refusal) = self { return refusal }
    return nil
  }
}

/// Where a journal ends, and so where the next segment goes on.
public struct JournalEnd: Equatable, Sendable {
  public var instance: Block128
  /// The last segment's file.
  public var segment: String
  public var segmentNonce: Block128
  /// Number and tag of the last batch; of the last one before the segment when it has none.
  public var batchNumber: UInt64
  public var tag: Block128
  /// Where in the segment its last batch begins and ends; both 4,096 when it has none.
  public var lastBatchOffset: Int
  /// Where in the segment the batches begin that may be in the system's memory only.
  public var provenOffset: Int
  public var endOffset: Int
  /// The last commit; 0 = none.
  public var lastPosition: UInt64
  /// The wall time of the last batch; 0 = none.
  public var wallMillis: UInt64
  /// Whether the service stopped as asked.
  public var isSealed: Bool
  /// Of the newest slot of the witness.
  public var witnessSequence: UInt64
  /// Where `reserve.j` holds a segment of the chain, the name that it should get.
  public var reserveSegmentName: String?
}

/// Bytes of the last segment that were never acknowledged as durable.
public struct TornTail: Equatable, Sendable {
  public var file: String
  public var range: Range<Int>
  /// Batches after the first damaged one, each written after another that was not yet synced. Only
  /// the policies that answer before the sync leave any.
  public var unsyncedBatches = 0
}

/// Why nothing starts on this directory.
public struct RecoveryRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  public var reason: Reason
  public var file: String
  /// Byte offset in the file, where there is one.
  public var offset: Int?
  /// What was found there.
  public var found: String
  /// What the operator can do.
  public var advice: String

  /// Why, as the process's exit status.
  public enum Reason: Int32, Sendable, CaseIterable {
    /// Something acknowledged is damaged or missing.
    case damaged = 65
    /// Checksums fit and MACs do not: another root key, or somebody edited it.
    case notAuthentic = 66
    /// There is a journal and no root key.
    case rootKeyMissing = 67
    /// Written by a later version.
    case newerFormat = 68
    /// The system could not read it.
    case unreadable = 69
    /// The clock stands before the journal's last entry.
    case clockBehind = 70
    /// A row of the snapshot, or of a commit after it, is one that this start has no room for.
    case limitTooSmall = 78
  }

  /// The status to end the process with: 65 to 70, or 78.
  public var exitCode: Int32 { reason.rawValue }

  public var description: String {
    let place = offset.map { "\(file), byte \($0)" } ?? file
    return "\(place): \(found); \(advice)"
  }
}

/// What a reading of the directory found out beside its verdict.
public struct RecoveryReport: Equatable, Sendable {
  public var verdict: RecoveryVerdict
  /// In their order.
  public var segments: [SegmentSummary] = []
  /// The one that the commits go on from.
  public var snapshot: SnapshotSummary?
  /// Newer ones that are damaged, for `SnapshotWriter.publish`.
  public var distrustedSnapshots: [String] = []
  /// Harmless things worth a line in a log.
  public var notes: [String] = []
}

/// One segment, for reports.
public struct SegmentSummary: Equatable, Sendable {
  public var file: String
  public var firstPosition: UInt64
  public var lastPosition: UInt64
  public var firstBatch: UInt64
  public var batchCount: UInt64
  public var usedBytes: Int
  public var byteCount: Int
}
