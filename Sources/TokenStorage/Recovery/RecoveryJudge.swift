internal import TokenCore
internal import TokenCrypto

/// The decision table: what was found → what it comes to. Pure; nothing is read or written here.
enum RecoveryJudge {
  // MARK: Before the batches are read

  /// What FORMAT says: the instance, or nil where there is no journal yet.
  static func instance(_ findings: JournalFindings) throws(RecoveryRefusal) -> Block128? {
    if findings.names.contains(JournalNames.unfinished) {
      throw .damaged(
        JournalNames.unfinished, "a salvage or restore was cut short",
        "give the same command again; it goes on where it stopped")
    }
    switch findings.format {
    case .whole(let format): return format.instance
    case .unreadable(let error): throw .unreadable(JournalNames.format, error)
    case .faulty(let fault): throw .block(JournalNames.format, 0, "the format block", fault)
    case .missing: break
    }
    // FORMAT is written last of all that makes a journal, and nothing is written to one without it.
    if let snapshot = findings.names.first(where: { $0.utf8.starts(with: "snap-".utf8) }) {
      throw missingFormat(snapshot)
    }
    for segment in findings.segments where !segment.isEmptyAfterHeader {
      if case .unreadable(let error) = segment.header { throw .unreadable(segment.name, error) }
      throw missingFormat(segment.name)
    }
    for case .unreadable(let error) in findings.witness {
      throw .unreadable(JournalNames.witness, error)
    }
    let witnessed = findings.witness.compactMap(\.block).contains { $0.batchNumber > 0 }
    if witnessed { throw missingFormat(JournalNames.witness) }
    return nil
  }

  private static func missingFormat(_ other: String) -> RecoveryRefusal {
    .damaged(
      JournalNames.format, "the file is missing and \(other) is there",
      "put FORMAT back from a backup of this directory")
  }

  /// The newest whole slot of the witness.
  static func witness(
    _ findings: JournalFindings, instance: Block128, notes: inout [String]
  ) throws(RecoveryRefusal) -> WitnessBlock {
    var newest: WitnessBlock?
    for (slot, finding) in findings.witness.enumerated() {
      switch finding {
      case .missing: break
      case .unreadable(let error): throw .unreadable(JournalNames.witness, error)
      case .whole(let block):
        if block.sequence >= newest?.sequence ?? 0 { newest = block }
      case .faulty(let fault):
        guard fault.mayBeTornWrite else {
          throw .block(JournalNames.witness, slot * journalBlockBytes, "a witness slot", fault)
        }
        notes.append(
          "\(JournalNames.witness), byte \(slot * journalBlockBytes): this slot is damaged; the "
            + "other one was used")
      }
    }
    guard let newest else {
      throw .damaged(
        JournalNames.witness, "the file is missing or both of its slots are damaged",
        "put it back from a backup of this directory as it is now, or restore a backup")
    }
    guard newest.isPossible else {
      throw .damaged(
        JournalNames.witness, "a witness with numbers that no version writes",
        "put it back from a backup of this directory as it is now, or restore a backup")
    }
    guard newest.instance == instance else {
      throw .damaged(
        JournalNames.witness, "the witness of another journal (\(newest.instance.hexText))",
        "put this journal's witness back")
    }
    return newest
  }

  // MARK: After the batches were read

  /// - Parameters:
  ///   - scans: one for each segment of the chain, in order.
  ///   - witnessedTag: the tag of the batch with the witness's number, where it was seen.
  static func verdict(
    _ scans: [SegmentScan], witness: WitnessBlock, witnessedTag: Block128?,
    options: RecoveryOptions
  ) -> RecoveryVerdict {
    do throws(RecoveryRefusal) {
      for index in scans.indices.dropLast() { try seam(scans[index], scans[index + 1].header) }
      let tail = try tail(scans[scans.count - 1], witness)
      try check(witness, scans, witnessedTag)
      let end = end(scans, witness)
      try check(end, options)
      return tail.map { .tornTail(end, $0) } ?? .clean(end)
    } catch {
      return .refused(error)
    }
  }

  /// Whether the next segment goes on where this one ends.
  static func isSeam(_ scan: SegmentScan, _ next: SegmentHeader) -> Bool {
    (try? seam(scan, next)) != nil
  }

  /// A segment with a successor ends exactly where the successor says.
  private static func seam(
    _ scan: SegmentScan, _ next: SegmentHeader
  ) throws(RecoveryRefusal) {
    let proof = "the next segment says that batch \(next.firstBatch - 1) was written"
    switch scan.stop {
    case .unreadable(let error): throw .unreadable(scan.name, error)
    case .hole(let offset, let later): throw hole(scan, offset, later)
    case .fault(let fault, let offset, _, _, _):
      throw .batch(scan.name, offset, scan.last.number + 1, fault, proof: proof)
    case .zeros:
      throw .batch(scan.name, scan.last.end, scan.last.number + 1, .headerDamaged, proof: proof)
    case .statedEnd(true):
      throw .damaged(
        scan.name, scan.last.end,
        "an authentic batch follows the one at which the next segment goes on",
        "one of the two files is of another time; restore a backup of the whole directory")
    case .statedEnd(false): break
    }
    let last = scan.last
    guard last.number == next.firstBatch - 1, last.tag == next.previousTag,
      last.end == Int(clamping: next.previousEnd), last.lastPosition == next.firstPosition - 1
    else {
      throw .damaged(
        scan.name, last.end,
        "it ends with batch \(last.number), and the next segment goes on after another "
          + "\(next.firstBatch - 1)",
        "a file is of another time; restore a backup of the whole directory")
    }
  }

  private static func tail(
    _ scan: SegmentScan, _ witness: WitnessBlock
  ) throws(RecoveryRefusal) -> TornTail? {
    switch scan.stop {
    case .statedEnd, .zeros: return nil
    case .unreadable(let error): throw .unreadable(scan.name, error)
    case .hole(let offset, let later): throw hole(scan, offset, later)
    case .fault(let fault, let offset, let later, let dropped, let garbageEnd):
      let number = scan.last.number + 1
      #if PLANTED
        if planted(.anyFaultIsATail) { return TornTail(scan.name, offset..<scan.byteCount) }
      #endif
      if let later {
        if later.isForged {
          throw .notAuthentic(scan.name, later.offset, "batch \(later.number)")
        }
        throw .batch(
          scan.name, offset, number, fault,
          proof: "batch \(later.number) lies after it, at byte \(later.offset)")
      }
      if !fault.mayBeTornWrite {
        throw .batch(
          scan.name, offset, number, fault, proof: "no write that was cut short looks like this")
      }
      if isWitnessed(number, witness) {
        throw .batch(
          scan.name, offset, number, fault,
          proof: "the witness says that batch \(witness.batchNumber) was on the disk")
      }
      return TornTail(
        file: scan.name, range: offset..<max(garbageEnd, offset), unsyncedBatches: dropped)
    }
  }

  /// Whether the batch is known to have been on the disk.
  private static func isWitnessed(_ number: UInt64, _ witness: WitnessBlock) -> Bool {
    #if PLANTED
      if planted(.witnessIgnored) { return false }
    #endif
    return witness.batchNumber >= number
  }

  private static func hole(
    _ scan: SegmentScan, _ offset: Int, _ later: LaterBatch
  ) -> RecoveryRefusal {
    if later.isForged {
      return .notAuthentic(scan.name, later.offset, "batch \(later.number)")
    }
    return .batch(
      scan.name, offset, scan.last.number + 1, .headerDamaged,
      proof: "batch \(later.number) lies after it, at byte \(later.offset)")
  }

  private static func check(
    _ witness: WitnessBlock, _ scans: [SegmentScan], _ witnessedTag: Block128?
  ) throws(RecoveryRefusal) {
    let last = scans[scans.count - 1]
    guard scans.contains(where: { $0.header.nonce == witness.segmentNonce }) else {
      throw .damaged(
        JournalNames.witness,
        "it names a segment (nonce \(witness.segmentNonce.hexText)) that is "
          + "not here", "put the missing seg-*.j file back, or restore a backup")
    }
    guard !isWitnessed(last.last.number + 1, witness) else {
      throw .damaged(
        last.name, last.last.end,
        "the journal ends with batch \(last.last.number), and the witness says that batch "
          + "\(witness.batchNumber) was on the disk",
        "put the newer file back, or restore a backup")
    }
    if let witnessedTag, witnessedTag != witness.tag {
      throw .damaged(
        JournalNames.witness, "it tells of another batch \(witness.batchNumber) than the one here",
        "witness and segments are of different times; restore a backup of the whole directory")
    }
  }

  private static func end(_ scans: [SegmentScan], _ witness: WitnessBlock) -> JournalEnd {
    let scan = scans[scans.count - 1]
    return JournalEnd(
      instance: scan.header.instance, segment: scan.name, segmentNonce: scan.header.nonce,
      batchNumber: scan.last.number, tag: scan.last.tag, lastBatchOffset: scan.last.offset,
      provenOffset: scan.last.provenOffset, endOffset: scan.last.end,
      lastPosition: scan.last.lastPosition,
      wallMillis: max(scans.map(\.last.wallMillis).max() ?? 0, witness.wallMillis),
      isSealed: scan.last.isSeal,
      witnessSequence: witness.sequence,
      reserveSegmentName: scans.first { $0.name == JournalNames.reserve }.map {
        JournalNames.segment(firstPosition: $0.header.firstPosition, nonce: $0.header.nonce)
      })
  }

  private static func check(
    _ end: JournalEnd, _ options: RecoveryOptions
  ) throws(RecoveryRefusal) {
    guard options.snapshotPosition <= end.lastPosition else {
      throw .damaged(
        end.segment,
        "the journal ends at position \(end.lastPosition), and the snapshot was taken at "
          + "\(options.snapshotPosition)",
        "the newest segments are missing: put them back, or restore a backup")
    }
    guard let now = options.nowMillis, !options.acceptsEarlierClock else { return }
    guard end.wallMillis <= now + TrustedClock.toleranceMillis else {
      throw RecoveryRefusal(
        reason: .clockBehind, file: end.segment, offset: end.lastBatchOffset,
        found: "after batch \(end.batchNumber) the time was \(utcText(end.wallMillis)), and the "
          + "clock says \(utcText(now))",
        advice: RecoveryRefusal.earlierClockAdvice)
    }
  }
}
