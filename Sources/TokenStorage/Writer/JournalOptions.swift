public import TokenCrypto

/// How a journal is written.
public struct JournalOptions: Sendable {
  /// Bytes of a segment, rounded up to blocks. Bounds a batch.
  public var segmentBytes = 64 * 1_024 * 1_024
  /// Bytes kept in hand for denials when the disk is full; 0 = none.
  public var reserveBytes = 64 * 1_024 * 1_024
  /// Where instance ids and segment nonces come from.
  public var drawBlock: @Sendable () -> Block128 = {
    var pool = EntropyPool()
    return pool.block128()
  }

  public init() {}

  /// How often a service that has nothing to write notes the time.
  static let idleNoteMillis: UInt64 = 3_600_000

  /// Bytes of the segment that every start makes before it answers: a quarter of a large one. The
  /// next one, of full size, is prepared meanwhile.
  var firstSegmentBytes: Int { min(segmentBytes, max(segmentBytes / 4, 8 * 1_024 * 1_024)) }

  /// Header block, one batch, and room for the seal.
  static let leastSegmentBytes = 4 * journalBlockBytes
}

/// Whether a batch may go where only denials do.
public enum BatchPurpose: Sendable {
  case any
  /// Revocations and other denials alone: the reserve is theirs when the disk is full.
  case denials
}
