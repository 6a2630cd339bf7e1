internal import TokenCore
public import TokenCrypto

/// The offline check of a directory: everything that a start would look at, and nothing changed.
public struct JournalVerification: Sendable {
  public let report: RecoveryReport
  /// After the snapshot.
  public let commitCount: UInt64

  /// Reads the newest usable snapshot and the whole journal.
  public init(_ disk: any Disk, _ root: RootKey, _ options: RecoveryOptions = RecoveryOptions()) {
    var count: UInt64 = 0
    report = Recovery.read(
      disk, root, options, into: nil, progress: { _, _ in }, loaded: { _ in },
      commit: { _ in count += 1 })
    commitCount = count
  }

  /// 0 where a start would go on, else what it would exit with.
  public var exitCode: Int32 {
    if case .refused(let refusal) = report.verdict { return refusal.exitCode }
    return 0
  }

  /// The report, line by line, for people.
  public var lines: [String] {
    var lines = report.segments.map { segment in
      "\(segment.file): positions \(segment.firstPosition) to \(segment.lastPosition), "
        + "\(segment.batchCount) batches from \(segment.firstBatch), "
        + "\(segment.usedBytes) of \(segment.byteCount) bytes"
    }
    if let snapshot = report.snapshot {
      let counts = snapshot.tables.filter { $0.live > 0 }.map { "\($0.name) \($0.live)" }
      lines.insert(
        "\(snapshot.file): position \(snapshot.position), \(snapshot.pageCount) pages, "
          + "\(snapshot.byteCount) bytes; " + counts.joined(separator: ", "), at: 0)
    }
    lines += report.notes.map { "note: \($0)" }
    switch report.verdict {
    case .fresh(let leftovers):
      lines.append("no journal here yet" + (leftovers.isEmpty ? "" : "; empty: \(leftovers)"))
    case .clean(let end):
      lines.append(
        "whole: \(commitCount) commits"
          + (report.snapshot == nil ? "" : " since the snapshot")
          + ", the last at position \(end.lastPosition)"
          + (end.isSealed ? ", stopped as asked" : ""))
    case .tornTail(let end, let tail):
      lines.append(
        "whole up to position \(end.lastPosition); the last write was cut short and would be "
          + "dropped: \(tail.file), bytes \(tail.range.lowerBound) to \(tail.range.upperBound)")
    case .refused(let refusal):
      lines.append("refused (exit \(refusal.exitCode)): \(refusal)")
    }
    return lines
  }
}
