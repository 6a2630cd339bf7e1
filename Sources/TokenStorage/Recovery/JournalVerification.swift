internal import TokenCore
public import TokenCrypto

/// The offline check of a directory: everything that a start would look at, and nothing changed.
public struct JournalVerification: Sendable {
  public let report: RecoveryReport
  /// Commits after the snapshot, or all where there is none.
  public let commitCount: UInt64
  /// The journal's id in hexadecimal; nil where FORMAT does not tell.
  public let instance: String?
  /// What is there: FORMAT, the snapshot in use, the segments in their order, the witness.
  public let files: [VerifiedFile]

  /// Reads the newest usable snapshot and the whole journal.
  ///
  /// - Parameter progress: called with each commit's position, and the last one to be expected.
  public init(
    _ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions = RecoveryOptions(),
    progress: (_ position: UInt64, _ last: UInt64) -> Void = { _, _ in }
  ) {
    let findings = try? JournalScan.findings(disk, root)
    let witness = findings?.witness.compactMap(\.block).max { $0.sequence < $1.sequence }
    var count: UInt64 = 0
    let report = Recovery.read(
      disk, root, options, into: nil, progress: { _, _ in }, loaded: { _ in },
      commit: { commit in
        count += 1
        progress(commit.position, witness?.lastPosition ?? 0)
      })
    var files: [VerifiedFile] = []
    if let format = findings?.format.block { files.append(VerifiedFile(format)) }
    if let snapshot = report.snapshot { files.append(VerifiedFile(snapshot)) }
    files += report.segments.map { VerifiedFile($0) }
    if let witness { files.append(VerifiedFile(witness)) }
    (self.report, commitCount, self.files) = (report, count, files)
    instance = findings?.format.block?.instance.hexText
  }

  /// 0 where a start would go on, else what it would exit with.
  public var exitCode: Int32 { refusal?.exitCode ?? 0 }

  /// Why a start would refuse.
  public var refusal: RecoveryRefusal? { report.verdict.refusal }

  /// The last commit that a start would go on after.
  public var lastPosition: UInt64 {
    switch report.verdict {
    case .clean(let end), .tornTail(let end, _): end.lastPosition
    case .fresh, .refused: 0
    }
  }

  /// The report, line by line, for people.
  public var lines: [String] {
    files.map { "\($0.name): \($0.text)" } + report.notes.map { "note: \($0)" } + [verdictText]
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

  private var verdictText: String {
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
