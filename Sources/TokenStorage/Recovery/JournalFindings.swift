internal import LinuxIO
internal import TokenCrypto

/// What lies in a directory, before anything is concluded from it.
struct JournalFindings: Sendable {
  var names: [String] = []
  var format: BlockFinding<FormatBlock> = .missing
  /// The witness's two slots.
  var witness: [BlockFinding<WitnessBlock>] = [.missing, .missing]
  var segments: [SegmentFinding] = []
}

/// A single block: there and whole, or why not.
enum BlockFinding<Block: Sendable & Equatable>: Sendable, Equatable {
  case missing
  case whole(Block)
  case faulty(BlockFault)
  case unreadable(SystemError)

  var block: Block? {
    if case .whole(let block) = self { return block }
    return nil
  }
}

/// A file that is, or claims to be, a segment: its first block.
struct SegmentFinding: Sendable, Equatable {
  var name: String
  var byteCount: Int
  var header: BlockFinding<SegmentHeader>
  /// Whether everything after the first block is zero. Only looked at where that decides anything.
  var isEmptyAfterHeader = false
}

/// What one segment of the chain holds.
struct SegmentScan: Sendable {
  var name: String
  var header: SegmentHeader
  var byteCount: Int
  /// Its last good batch, or what the header says of the one before the segment.
  var last: BatchMark
  var batchCount: UInt64 = 0
  var stop: ScanStop
}

/// The place of a batch in the chain.
struct BatchMark: Sendable, Equatable {
  var number: UInt64
  var tag: Block128
  var offset: Int
  var end: Int
  var lastPosition: UInt64
  var wallMillis: UInt64
  var isSeal: Bool
  /// Where the newest batch begins that says that everything before it was synced. From there on
  /// batches may be in memory only.
  var provenOffset: Int
}

/// Why the reading of a segment ended where it did.
enum ScanStop: Sendable, Equatable {
  /// The end that the next segment states. `beyond`: an authentic batch goes on there.
  case statedEnd(beyond: Bool)
  /// Zeros, or nothing, up to the end of the file.
  case zeros
  /// Zeros at `offset`, and after them a header that proves that a batch was there.
  case hole(at: Int, later: LaterBatch)
  /// `dropped`: headers after it that prove nothing, of batches that were never synced.
  case fault(BatchFault, at: Int, later: LaterBatch?, dropped: Int, garbageEnd: Int)
  case unreadable(SystemError)
}

/// A batch header found after the place where reading stopped, which does not let it be a write
/// that was cut short.
struct LaterBatch: Sendable, Equatable {
  var number: UInt64
  var offset: Int
  /// Its checksums fit and its MAC does not.
  var isForged = false
}
