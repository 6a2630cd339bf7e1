internal import TokenCore
internal import TokenCrypto

/// Reads a segment's batches in order, and looks at every later block before it says how it ends.
struct SegmentScanner: ~Copyable {
  private let name: String
  private let header: SegmentHeader
  private let bytes: [UInt8]
  /// Where the next segment says that this one ends; nil for the last one.
  private let statedEnd: Int?
  /// Commits up to here are authenticated and not handed on.
  private let heldPosition: UInt64
  private var cipher: JournalCipher
  private var mark: BatchMark
  private var nextPosition: UInt64
  private var batchCount: UInt64 = 0

  init(
    _ name: String, _ header: SegmentHeader, _ bytes: [UInt8], statedEnd: Int?,
    after heldPosition: UInt64, _ root: RootKey
  ) {
    self.name = name
    self.header = header
    self.bytes = bytes
    self.statedEnd = statedEnd
    self.heldPosition = heldPosition
    cipher = JournalCipher(root, segmentNonce: header.nonce)
    mark = header.markBefore
    nextPosition = header.firstPosition
  }

  /// Hands every good batch's commits behind the snapshot on, in order.
  ///
  /// - Parameter seen: each batch's number and tag.
  mutating func scan(
    seen: (UInt64, Block128) -> Void, commit: (JournaledCommit) -> Void
  ) -> SegmentScan {
    var stop: ScanStop?
    while stop == nil {
      let offset = mark.end
      if let statedEnd, offset >= statedEnd {
        stop = .statedEnd(beyond: offset == statedEnd && isAuthentic(at: offset))
      } else if offset + BatchHeader.byteCount > bytes.count {
        stop = endOfFile(offset)
      } else if bytes.isZero(offset..<blockEnd(offset)) {
        stop = zeros(offset)
      } else {
        do throws(BatchFault) {
          let commits = try next(offset)
          seen(mark.number, mark.tag)
          for each in commits { commit(each) }
        } catch {
          let (later, dropped) = laterBatches(after: offset)
          stop = .fault(
            error, at: offset, later: later, dropped: dropped, garbageEnd: garbageEnd)
        }
      }
    }
    return SegmentScan(
      name: name, header: header, byteCount: bytes.count, last: mark, batchCount: batchCount,
      stop: stop ?? .zeros)
  }

  private mutating func next(_ offset: Int) throws(BatchFault) -> [JournaledCommit] {
    let (header, payload, tag) = try Batch.open(bytes, at: offset, &cipher)
    guard header.number == mark.number + 1 else {
      throw .outOfOrder(found: header.number, expected: mark.number + 1)
    }
    guard isLinked(header) else { throw .chainBroken }
    guard header.number < Limits.numberMax, header.wallMillis <= Limits.numberMax,
      header.firstPosition <= Limits.numberMax
    else { throw .unreadable("its header has numbers that no version writes") }
    guard header.firstPosition == nextPosition else {
      throw .unreadable("its first position is \(header.firstPosition), not \(nextPosition)")
    }
    let commits = try newCommits(payload, header)
    mark = BatchMark(
      number: header.number, tag: tag, offset: offset, end: offset + header.extentBytes,
      lastPosition: header.lastPosition, wallMillis: header.wallMillis,
      isSeal: header.flags.contains(.seal),
      provenOffset: header.flags.contains(.afterUnsynced) ? mark.provenOffset : offset)
    nextPosition = header.lastPosition + 1
    batchCount += 1
    return commits
  }

  /// The commits of a batch, without those that the snapshot holds. A batch of nothing else is not
  /// decoded: after a long life most of a journal is older than its snapshot.
  private func newCommits(
    _ payload: [UInt8], _ header: BatchHeader
  ) throws(BatchFault) -> [JournaledCommit] {
    if header.lastPosition <= heldPosition { return [] }
    do throws(EffectFault) {
      return try CommitBatch.commits(
        in: payload, firstPosition: header.firstPosition, commitCount: Int(header.commitCount)
      ).filter { $0.position > heldPosition }
    } catch {
      if case .unknown(let type, _) = error { throw .newer(UInt16(type)) }
      throw .unreadable("\(error)")
    }
  }

  private func isLinked(_ header: BatchHeader) -> Bool {
    #if PLANTED
      if planted(.chainNotChecked) { return true }
    #endif
    return header.previousTag == mark.tag
  }

  private func blockEnd(_ offset: Int) -> Int { min(offset + journalBlockBytes, bytes.count) }

  private mutating func isAuthentic(at offset: Int) -> Bool {
    guard offset + BatchHeader.byteCount <= bytes.count else { return false }
    return (try? Batch.open(bytes, at: offset, &cipher)) != nil
  }

  /// Less than a header is left.
  private func endOfFile(_ offset: Int) -> ScanStop {
    if offset >= bytes.count || bytes.isZero(offset..<bytes.count) { return .zeros }
    return .fault(.cutOff, at: offset, later: nil, dropped: 0, garbageEnd: bytes.count)
  }

  private mutating func zeros(_ offset: Int) -> ScanStop {
    if bytes.isZero(offset..<bytes.count) { return .zeros }
    let (later, dropped) = laterBatches(after: offset)
    if let later { return .hole(at: offset, later: later) }
    return .fault(
      .headerDamaged, at: offset, later: nil, dropped: dropped, garbageEnd: garbageEnd)
  }

  /// Looks for a whole header in a later block that proves that the batch at `offset` had been on
  /// the disk: one with a higher number that was not written after an unsynced batch, or an
  /// authentic one that no write puts there. Counts the others, which were never synced.
  private mutating func laterBatches(after offset: Int) -> (proof: LaterBatch?, dropped: Int) {
    var dropped = 0
    var place = offset + journalBlockBytes
    while place + BatchHeader.byteCount <= bytes.count {
      if let header = try? BatchHeader(bytes, at: place) {
        let found = LaterBatch(number: header.number, offset: place)
        if header.number > mark.number + 1 {
          if !header.flags.contains(.afterUnsynced) { return (found, dropped) }
          if isForged(at: place) {
            return (LaterBatch(number: header.number, offset: place, isForged: true), dropped)
          }
          dropped += 1
        } else if isAuthentic(at: place) {
          return (found, dropped)
        }
      }
      place += journalBlockBytes
    }
    return (nil, dropped)
  }

  /// Whether the checksums fit and the MAC does not: no loss of sectors looks like this.
  private mutating func isForged(at offset: Int) -> Bool {
    do throws(BatchFault) {
      _ = try Batch.open(bytes, at: offset, &cipher)
      return false
    } catch {
      return error == .notAuthentic
    }
  }

  /// The end of the last block that is not zero.
  private var garbageEnd: Int {
    var end = bytes.count
    while end > mark.end {
      let start = max(mark.end, (end - 1) / journalBlockBytes * journalBlockBytes)
      if !bytes.isZero(start..<end) { return end }
      end = start
    }
    return end
  }
}

extension SegmentHeader {
  /// The batch before the segment, as its header tells of it.
  var markBefore: BatchMark {
    BatchMark(
      number: firstBatch - 1, tag: previousTag, offset: journalBlockBytes, end: journalBlockBytes,
      lastPosition: firstPosition - 1, wallMillis: 0, isSeal: false,
      provenOffset: journalBlockBytes)
  }
}
