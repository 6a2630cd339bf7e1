internal import LinuxIO
public import TokenCore
public import TokenCrypto

/// What a reading is held against.
public struct RecoveryOptions: Sendable {
  /// The wall clock; nil = not compared.
  public var nowMillis: UInt64?
  /// Go on although the clock stands before the last batch.
  public var acceptsEarlierClock = false
  /// Whether segments that lie wholly below the snapshot in use are read and checked, too.
  /// A start goes without: nothing in them is needed, and they may be as long as the snapshot.
  public var readsHeldSegments = true
  /// The position of the snapshot in use; commits up to it are not handed on. 0 = none.
  public var snapshotPosition: UInt64 = 0
  /// A batch that the snapshot knew.
  var snapshotMark: SnapshotMark?

  /// What the snapshot holds already is not applied once more; commits up to here.
  var heldPosition: UInt64 {
    #if PLANTED
      if planted(.snapshotPositionSkipped) { return 0 }
    #endif
    return snapshotPosition
  }

  public init(
    nowMillis: UInt64? = nil, acceptsEarlierClock: Bool = false, readsHeldSegments: Bool = true,
    snapshotPosition: UInt64 = 0
  ) {
    self.nowMillis = nowMillis
    self.acceptsEarlierClock = acceptsEarlierClock
    self.readsHeldSegments = readsHeldSegments
    self.snapshotPosition = snapshotPosition
  }
}

/// Reads a journal. Nothing in the directory is changed here, whatever the verdict.
public enum Recovery {
  /// Hands every commit after the snapshot to `commit`, in order and without a gap, and returns the
  /// verdict.
  ///
  /// When that is `.refused`, whatever was built from the commits is to be thrown away: they came
  /// from before the damage. Memory: the file of one segment at a time.
  public static func read(
    _ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions = RecoveryOptions(),
    commit: (JournaledCommit) -> Void
  ) -> RecoveryReport {
    do throws(RecoveryRefusal) {
      return report(disk, root, try JournalScan.findings(disk, root), options, commit)
    } catch {
      return RecoveryReport(verdict: .refused(error))
    }
  }

  /// The start of a service: the newest usable snapshot, then the journal after it.
  ///
  /// Nothing in the directory is changed, whatever the verdict.
  ///
  /// - Parameters:
  ///   - arena: holds nothing yet; its tables may be larger than those of the snapshot.
  ///   - progress: pages of the snapshot read, pages in all.
  ///   - commit: called after each commit was applied, with its position.
  ///   - makeState: the state over the arena, from the snapshot's position on (nil = none).
  public static func restore(
    _ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions = RecoveryOptions(),
    into arena: Arena, progress: (Int, Int) -> Void = { _, _ in },
    commit: (UInt64) -> Void = { _ in }, makeState: (UInt64?) -> ServiceState
  ) -> Restoration {
    var state: ServiceState?
    var impossible: RecoveryRefusal?
    var report = read(
      disk, root, options, into: arena, progress: progress,
      loaded: { state = makeState($0?.position) },
      commit: { journaled in
        if impossible != nil { return }
        do throws(ReplayFault) {
          try state?.replay(journaled)
          commit(journaled.position)
        } catch {
          impossible = RecoveryRefusal(error, position: journaled.position)
        }
      })
    if let impossible, report.verdict.refusal == nil { report.verdict = .refused(impossible) }
    if case .refused = report.verdict { return Restoration(state: nil, report: report) }
    return Restoration(state: state ?? makeState(nil), report: report)
  }

  /// Snapshot and journal. `options.snapshotPosition` is found here.
  ///
  /// - Parameter loaded: called before the first commit with the snapshot, or nil.
  static func read(
    _ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions, into arena: Arena?,
    progress: (Int, Int) -> Void, loaded: (SnapshotSummary?) -> Void,
    commit: (JournaledCommit) -> Void
  ) -> RecoveryReport {
    let findings: JournalFindings
    let choice: SnapshotChoice
    do throws(RecoveryRefusal) {
      findings = try JournalScan.findings(disk, root)
      guard let instance = try RecoveryJudge.instance(findings) else {
        return report(disk, root, findings, options, commit)
      }
      choice = try SnapshotChoice.choose(
        disk, root, findings.names, instance: instance, into: arena, progress: progress)
    } catch {
      return RecoveryReport(verdict: .refused(error))
    }
    loaded(choice.snapshot)
    var options = options
    options.snapshotPosition = choice.position
    options.snapshotMark = choice.snapshot?.mark
    var report = report(disk, root, findings, options, commit)
    report.verdict = choice.judge(report.verdict, options)
    report.snapshot = choice.snapshot
    report.distrustedSnapshots = choice.rotten.map(\.file)
    report.notes += choice.notes
    return report
  }

  /// The refusal where the root key is gone although there is a journal; nil for a fresh directory.
  public static func refusalWithoutRootKey(_ disk: any Disk) -> RecoveryRefusal? {
    let names: [String]
    do throws(SystemError) {
      names = try disk.list()
    } catch {
      return .unreadable(".", error)
    }
    guard names.contains(where: { $0 == JournalNames.format || JournalNames.isSegment($0) })
    else { return nil }
    return RecoveryRefusal(
      reason: .rootKeyMissing, file: JournalNames.format, offset: nil,
      found: "there is a journal here and the root key that it was written with is missing",
      advice: "put the root key file back from your copy of it; without it nothing here can be "
        + "read, and a new key would make every token and secret worthless")
  }

  private static func report(
    _ disk: any Disk, _ root: RootKey, _ findings: JournalFindings, _ options: RecoveryOptions,
    _ commit: (JournaledCommit) -> Void
  ) -> RecoveryReport {
    var report = RecoveryReport(verdict: .fresh(leftovers: []))
    do throws(RecoveryRefusal) {
      report.verdict = try verdict(disk, root, findings, options, &report, commit)
    } catch {
      report.verdict = .refused(error)
    }
    return report
  }

  private static func verdict(
    _ disk: any Disk, _ root: RootKey, _ findings: JournalFindings, _ options: RecoveryOptions,
    _ report: inout RecoveryReport, _ commit: (JournaledCommit) -> Void
  ) throws(RecoveryRefusal) -> RecoveryVerdict {
    report.notes += JournalScan.strangers(findings.names)
    guard let instance = try RecoveryJudge.instance(findings) else {
      return .fresh(leftovers: JournalScan.leftovers(findings))
    }
    let witness = try RecoveryJudge.witness(findings, instance: instance, notes: &report.notes)
    let chain = try SegmentOrder.order(
      findings.segments, instance: instance, snapshotPosition: options.snapshotPosition)
    var scans: [SegmentScan] = []
    var witnessedTag: Block128?
    var markedTag: Block128?
    // Where something is missing, what follows must not be applied: it does not fit the state.
    var isUnbroken = true
    for (index, segment) in chain.enumerated() {
      let next = index + 1 < chain.count ? chain[index + 1].header : nil
      if segment.header.firstBatch == witness.batchNumber + 1 {
        witnessedTag = segment.header.previousTag
      }
      if let mark = options.snapshotMark, segment.header.firstBatch == mark.batchNumber + 1 {
        markedTag = segment.header.previousTag
        if markedTag != mark.tag { isUnbroken = false }
      }
      if let next, options.passesOver(segment.header, before: next, witness) {
        scans.append(SegmentScan(held: segment, before: next))
        report.segments.append(scans[index].summary)
        continue
      }
      let scan = JournalScan.scan(
        disk, root, segment, statedEnd: next.map { Int(clamping: $0.previousEnd) },
        after: options.heldPosition,
        seen: { number, tag in
          if number == witness.batchNumber { witnessedTag = tag }
          guard number == options.snapshotMark?.batchNumber else { return }
          markedTag = tag
          if tag != options.snapshotMark?.tag { isUnbroken = false }
        },
        commit: { if isUnbroken { commit($0) } })
      scans.append(scan)
      report.segments.append(scan.summary)
      if let next, !RecoveryJudge.isSeam(scan, next) { isUnbroken = false }
    }
    if let mark = options.snapshotMark, let markedTag, markedTag != mark.tag {
      throw .damaged(
        chain[0].name,
        "the snapshot knows another batch \(mark.batchNumber) than the one in the journal",
        "snapshot and segments are of different times; restore a backup of the whole directory")
    }
    return RecoveryJudge.verdict(
      scans, witness: witness, witnessedTag: witnessedTag, options: options)
  }
}

/// What a start found.
public struct Restoration: ~Copyable {
  /// nil where the verdict is `.refused`; else the state after the last commit.
  public var state: ServiceState?
  public let report: RecoveryReport

  /// The state, to be kept elsewhere.
  public mutating func takeState() -> ServiceState? { state.take() }
}

extension RecoveryOptions {
  /// Whether a segment need not be read: the snapshot holds all of it, and neither the snapshot nor
  /// the witness names a batch in the middle of it, whose tag only the segment knows.
  func passesOver(
    _ header: SegmentHeader, before next: SegmentHeader, _ witness: WitnessBlock
  ) -> Bool {
    guard !readsHeldSegments, next.firstPosition <= heldPosition,
      header.firstBatch < next.firstBatch
    else { return false }
    let middle = header.firstBatch..<next.firstBatch - 1
    return !middle.contains(witness.batchNumber)
      && !middle.contains(snapshotMark?.batchNumber ?? 0)
  }
}

extension SegmentScan {
  /// A segment that is not read: it ends as its successor says.
  init(held segment: SegmentOrder.Segment, before next: SegmentHeader) {
    let end = Int(clamping: next.previousEnd)
    self.init(
      name: segment.name, header: segment.header, byteCount: segment.byteCount,
      last: BatchMark(
        number: next.firstBatch - 1, tag: next.previousTag, offset: journalBlockBytes, end: end,
        lastPosition: next.firstPosition - 1, wallMillis: 0, isSeal: false, provenOffset: end),
      batchCount: next.firstBatch - segment.header.firstBatch, stop: .statedEnd(beyond: false))
  }

  var summary: SegmentSummary {
    SegmentSummary(
      file: name, firstPosition: header.firstPosition, lastPosition: last.lastPosition,
      firstBatch: header.firstBatch, batchCount: batchCount, usedBytes: last.end,
      byteCount: byteCount)
  }
}
