public import LinuxIO
public import TokenCore
public import TokenCrypto

/// Puts commits on the disk, one batch at a time, before anything is acknowledged.
///
/// One thread owns it. `append` returns when the batch is durable, unless it was asked not to wait;
/// so a batch that follows another proves that the other had been on the disk, unless it is marked
/// as written before that: this is what lets recovery tell a torn tail from damage. After the first
/// failed write or sync every call throws.
public struct JournalWriter: ~Copyable {
  let disk: any Disk
  let root: RootKey
  let mac: JournalMAC
  let options: JournalOptions
  /// Which journal this is: drawn when it was made, the same after every start.
  public let instance: Block128

  /// Where batches go; nil only while the disk is full and the reserve is spent or absent.
  var active: ActiveSegment?
  var chain: ChainEnd
  var prepared: PreparedSegment?
  /// The reserve while it is not in use.
  var reserve: PreparedSegment?
  var witness: WitnessWriter
  /// The name that a spent reserve still has to get.
  var retiredReserveName: String?
  /// Preparing a segment failed for want of space; set back by `install`.
  public internal(set) var isDiskFull = false
  /// The error that stopped it.
  public internal(set) var failure: JournalError?

  /// Whether everything that was written was synced.
  private var isSynced = true
  /// The last batch as it was written; the next goes into its memory.
  private var extent: [UInt8] = []

  /// The last commit that was written.
  public var lastPosition: UInt64 { chain.nextPosition - 1 }
  /// The last batch that was written, by which a snapshot knows this journal; number 0 = none yet.
  public var lastBatch: SnapshotMark {
    SnapshotMark(batchNumber: chain.batchNumber, tag: chain.tag)
  }
  /// The last durable commit.
  public internal(set) var durablePosition: UInt64
  /// Whether a segment is to be prepared ahead: see `PreparedSegment.make` and `install`.
  public var needsPreparedSegment: Bool { prepared == nil && failure == nil }
  /// Whether batches go to the reserve.
  public var isInReserve: Bool { active?.isReserve ?? false }

  /// Writes the batch and returns when it, and so all before it, is on the disk.
  ///
  /// - Parameters:
  ///   - batch: not empty; its first position is the one after `lastPosition`.
  ///   - purpose: `.denials` opens the reserve when the disk is full.
  ///   - sync: false returns when it is written. A kill of the process does not lose it then, a
  ///     power cut does until the next `append` that syncs, `sync` or change of segments.
  /// - Returns: the last durable position: `lastPosition` where it was synced.
  @discardableResult
  public mutating func append(
    _ batch: CommitBatch, _ purpose: BatchPurpose = .any, sync: Bool = true, wallMillis: UInt64
  ) throws(JournalError) -> UInt64 {
    if let failure { throw failure }
    precondition(!batch.isEmpty, "a batch carries a commit")
    precondition(batch.firstPosition == chain.nextPosition, "positions have no gaps")
    do throws(SystemError) {
      let extentBytes = BatchHeader.extentBytes(payloadBytes: batch.byteCount)
      guard try makeRoom(extentBytes, purpose, wallMillis) else {
        throw SystemError(errno: .noSpace, call: "append")
      }
      // Only now: making room may have synced.
      let header = BatchHeader(
        number: chain.batchNumber + 1, firstPosition: batch.firstPosition,
        commitCount: UInt32(batch.commitCount), payloadBytes: UInt32(batch.byteCount),
        wallMillis: wallMillis, previousTag: chain.tag, flags: flagsOfNext)
      try write(header, batch.payload)
      if sync { try syncWritten() }
    } catch {
      throw stop(error)
    }
    return durablePosition
  }

  /// Puts on the disk what was appended without a sync. Costs nothing where there is none.
  ///
  /// - Returns: the last position, now durable.
  @discardableResult
  public mutating func sync() throws(JournalError) -> UInt64 {
    if let failure { throw failure }
    do throws(SystemError) {
      try syncWritten()
    } catch {
      throw stop(error)
    }
    return durablePosition
  }

  /// The clean stop: everything acknowledged is on the disk and says so. Nothing can be appended
  /// afterwards. Where there is no room for the mark, the witness alone says it.
  public mutating func seal(wallMillis: UInt64) throws(JournalError) {
    if let failure { throw failure }
    do throws(SystemError) {
      #if PLANTED
        if planted(.sealBeforeSync) { isSynced = true }
      #endif
      try syncWritten()
      if let active, active.remainingBytes >= journalBlockBytes {
        try write(
          BatchHeader(
            number: chain.batchNumber + 1, firstPosition: chain.nextPosition, commitCount: 0,
            payloadBytes: 0, wallMillis: wallMillis, previousTag: chain.tag, flags: .seal), [])
        try syncWritten()
      }
      try bearWitness(wallMillis)
    } catch {
      throw stop(error)
    }
    active = nil
    prepared = nil
    reserve = nil
  }

  /// When there is nothing to write: sees to it that the last batch is on the disk and notes that
  /// it is, so that damage to it is never taken for a torn tail. Costs a sync, or two, the first
  /// time after a batch; then one an hour, so that the next start knows how long the service was
  /// up.
  public mutating func noteIdle(wallMillis: UInt64) throws(JournalError) {
    if let failure { throw failure }
    let isDue = wallMillis >= witness.wallMillis + JournalOptions.idleNoteMillis
    guard witness.batchNumber < chain.batchNumber || isDue, active != nil else { return }
    do throws(SystemError) {
      #if PLANTED
        if planted(.witnessBeforeSync) { isSynced = true }
      #endif
      try syncWritten()
      try bearWitness(wallMillis)
    } catch {
      throw stop(error)
    }
  }

  /// Takes a segment that was prepared ahead; ends the time of a full disk.
  public mutating func install(_ segment: PreparedSegment) {
    precondition(prepared == nil, "one segment is prepared at a time")
    prepared = segment
    isDiskFull = false
  }

  /// Notes an error of work done for the journal on another thread. Nothing is written after it.
  public mutating func fail(_ error: SystemError) {
    if failure == nil { failure = .failed(error) }
  }

  private var flagsOfNext: BatchHeader.Flags {
    #if PLANTED
      if planted(.unsyncedFlagDropped) { return [] }
    #endif
    return isSynced ? [] : .afterUnsynced
  }

  /// Puts the batch into the active segment, which has room for it.
  private mutating func write(
    _ header: BatchHeader, _ payload: [UInt8]
  ) throws(SystemError) {
    guard let segment = active else { preconditionFailure("there is an active segment") }
    let tag = Batch.encode(header, payload, &segment.cipher, into: &extent)
    try segment.file.writeWhole(extent, at: segment.offset)
    isSynced = false
    segment.offset += extent.count
    chain.batchNumber = header.number
    chain.tag = tag
    chain.nextPosition = header.lastPosition + 1
    chain.segmentEnd = segment.offset
  }

  /// A batch that found no room is the caller's to keep; any other error ends the writer. An ENOSPC
  /// of a write in place comes here too: part of the batch may be on the disk.
  private mutating func stop(_ error: SystemError) -> JournalError {
    if error.call == "append" { return .diskFull }
    #if PLANTED
      if planted(.goesOnAfterAnError) { return .failed(error) }
    #endif
    let failure = JournalError.failed(error)
    self.failure = failure
    return failure
  }

  /// Syncs the active segment if anything in it was written since.
  mutating func syncWritten() throws(SystemError) {
    guard !isSynced else { return }
    guard let segment = active else { preconditionFailure("what was written has a segment") }
    try segment.sync()
    isSynced = true
    durablePosition = lastPosition
  }

  /// Names the last batch, which is on the disk.
  mutating func bearWitness(_ wallMillis: UInt64) throws(SystemError) {
    precondition(isSynced, "a witness of what may be lost would be a lie")
    try witness.write(
      WitnessBlock(
        instance: instance, sequence: witness.sequence + 1, segmentNonce: chain.segmentNonce,
        batchNumber: chain.batchNumber, tag: chain.tag, lastPosition: chain.nextPosition - 1,
        wallMillis: wallMillis),
      mac)
  }
}

/// Where the chain stands.
struct ChainEnd: Sendable {
  var batchNumber: UInt64
  var tag: Block128
  var nextPosition: UInt64
  var segmentNonce: Block128
  /// Where the last batch ended in its segment.
  var segmentEnd: Int
}

/// The segment that batches go to.
///
/// Unchecked: the writer alone holds it, and one thread at a time holds the writer.
final class ActiveSegment: @unchecked Sendable {
  let file: any DiskFile
  let byteCount: Int
  let isReserve: Bool
  var offset = journalBlockBytes
  var cipher: JournalCipher

  init(_ segment: PreparedSegment, isReserve: Bool, cipher: consuming JournalCipher) {
    file = segment.file
    byteCount = segment.byteCount
    self.isReserve = isReserve
    self.cipher = cipher
  }

  var remainingBytes: Int { byteCount - offset }

  /// Puts on the disk what was written to it. An error is final: the system may have dropped what
  /// it could not write, and may say next time that all is well.
  func sync() throws(SystemError) {
    #if PLANTED
      if planted(.batchSyncSkipped) { return }
      if planted(.syncErrorIgnored) { return (try? file.sync()) ?? () }
      if planted(.syncRetried), (try? file.sync()) != nil { return }
    #endif
    try file.sync()
  }
}

/// The file `witness` and what it said last.
struct WitnessWriter: Sendable {
  let file: any DiskFile
  var sequence: UInt64
  var batchNumber: UInt64
  var wallMillis: UInt64 = 0

  mutating func write(
    _ block: WitnessBlock, _ mac: borrowing JournalMAC
  ) throws(SystemError) {
    try file.writeWhole(block.encoded(mac), at: block.offset)
    try file.sync()
    sequence = block.sequence
    batchNumber = block.batchNumber
    wallMillis = block.wallMillis
  }
}
