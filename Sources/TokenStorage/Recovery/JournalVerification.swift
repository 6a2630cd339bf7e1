public import TokenCore
public import TokenCrypto

/// The offline check of a directory: everything that a start would look at, and nothing changed.
/// Unless the options say otherwise, it is stricter than a start: segments that the snapshot holds
/// are read, too, and damage in them is a refusal.
public struct JournalVerification: Sendable {
  public let report: RecoveryReport
  /// Commits after the snapshot, or all where there is none.
  public let commitCount: UInt64
  /// The journal's id in hexadecimal; nil where FORMAT does not tell.
  public let instance: String?
  /// What is there: FORMAT, the snapshot in use, the segments in their order, the witness.
  public let files: [VerifiedFile]
  /// Names of the files that a start reads, and of those that it writes to as well.
  public let readFiles: [String]
  public let writtenFiles: [String]
  /// Names that a start removes, which it can of files alone.
  public let removedFiles: [String]
  /// What the tables must have room for. Of a journal that is refused, of its beginning.
  public let highestRows: HighestRows

  /// Reads the newest usable snapshot and the whole journal.
  ///
  /// - Parameters:
  ///   - limits: the tables of the start that is asked about; nil = whatever is needed.
  ///   - progress: called with each commit's position, and the last one to be expected.
  public init(
    _ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions = RecoveryOptions(),
    limits: ArenaLimits? = nil,
    progress: (_ position: UInt64, _ last: UInt64) -> Void = { _, _ in }
  ) {
    let findings = try? JournalScan.findings(disk, root)
    let witness = findings?.witness.compactMap(\.block).max { $0.sequence < $1.sequence }
    var count: UInt64 = 0
    var rows = HighestRows(limits)
    var outside: RecoveryRefusal?
    var report = Recovery.read(
      disk, root, options, into: nil, progress: { _, _ in }, loaded: { _ in },
      commit: { commit in
        count += 1
        let refusal = rows.note(commit)
        if outside == nil { outside = refusal }
        progress(commit.position, witness?.lastPosition ?? 0)
      })
    // A start meets that before it reads the journal.
    if let snapshot = report.snapshot, let refusal = rows.note(snapshot) {
      report.verdict = .refused(refusal)
    }
    if let outside, report.verdict.refusal == nil { report.verdict = .refused(outside) }
    readFiles = Self.readFiles(findings?.names ?? [], report)
    writtenFiles = Self.writtenFiles(report)
    removedFiles =
      report.verdict.refusal == nil
      ? (findings?.names ?? []).filter(JournalNames.removedAtStart.contains) : []
    var files: [VerifiedFile] = []
    if let format = findings?.format.block { files.append(VerifiedFile(format)) }
    if let snapshot = report.snapshot { files.append(VerifiedFile(snapshot)) }
    files += report.segments.map { VerifiedFile($0) }
    if let witness { files.append(VerifiedFile(witness)) }
    (self.report, commitCount, self.files, highestRows) = (report, count, files, rows)
    instance = findings?.format.block?.instance.hexText
  }

  private static func readFiles(_ names: [String], _ report: RecoveryReport) -> [String] {
    let oldest = report.snapshot?.position ?? 0
    return names.filter { name in
      if let position = SnapshotNames.position(name) { return position >= oldest }
      return name == JournalNames.format || name == JournalNames.witness
        || JournalNames.isSegment(name) && !JournalNames.isTemporary(name)
    }
  }

  /// The last batches are written once more, the witness follows every segment, and the reserve is
  /// taken, unless it is a segment already.
  private static func writtenFiles(_ report: RecoveryReport) -> [String] {
    switch report.verdict {
    case .clean(let end), .tornTail(let end, _):
      let reserve = end.reserveSegmentName == nil ? [JournalNames.reserve] : []
      return [JournalNames.witness, end.segment] + reserve
    case .fresh, .refused: return []
    }
  }

  /// 0 where nothing is refused, else what a start that met it would exit with.
  public var exitCode: Int32 { refusal?.exitCode ?? 0 }

  /// What is refused first.
  public var refusal: RecoveryRefusal? { report.verdict.refusal }

  /// The last commit that a start would go on after.
  public var lastPosition: UInt64 {
    switch report.verdict {
    case .clean(let end), .tornTail(let end, _): end.lastPosition
    case .fresh, .refused: 0
    }
  }

  /// The verdict as one word, for programs.
  public var verdictName: String {
    switch report.verdict {
    case .fresh: "fresh"
    case .clean: "whole"
    case .tornTail: "torn-tail"
    case .refused: "refused"
    }
  }

  /// The verdict as a sentence, for people.
  public var verdictText: String {
    switch report.verdict {
    case .fresh(let leftovers):
      "no journal here yet" + (leftovers.isEmpty ? "" : "; empty: \(leftovers)")
    case .clean(let end):
      "whole: \(commitCount) commits"
        + (report.snapshot == nil ? "" : " since the snapshot")
        + ", the last at position \(end.lastPosition)"
        + (end.isSealed ? ", stopped as asked" : "")
    case .tornTail(let end, let tail):
      "whole up to position \(end.lastPosition); \(tail.text) and would be dropped"
    case .refused(let refusal):
      "refused (exit \(refusal.exitCode)): \(refusal)"
    }
  }
}

extension TornTail {
  /// What was found, without what becomes of it.
  public var text: String {
    let writes = unsyncedBatches == 0 ? "the last write was" : "the last writes were"
    return "\(writes) cut short before any sync (\(file), bytes \(range.lowerBound) to "
      + "\(range.upperBound))"
  }
}
