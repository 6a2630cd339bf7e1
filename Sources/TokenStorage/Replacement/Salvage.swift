internal import LinuxIO
public import TokenCore
public import TokenCrypto

/// Reads what a start refuses: the newest good snapshot and the commits after it, up to the first
/// place where something is damaged or missing. Nothing in the directory is changed.
///
/// What comes of it is older than what was acknowledged. It must not serve before everything that
/// was issued so far is revoked.
public enum Salvage {
  /// - Parameters:
  ///   - arena: holds nothing yet; filled with the snapshot.
  ///   - loaded: called before the first commit with the snapshot's position; nil = there is none.
  ///   - commit: called with each commit, in order, without a gap.
  /// - Returns: what was kept and what was not. Throws where nothing can be kept, where the root
  ///   key is another one, and where an operator can help otherwise: a later version, or a larger
  ///   limit.
  public static func read(
    _ disk: any Disk, _ root: RootKey, into arena: Arena, loaded: (UInt64?) -> Void,
    commit: (JournaledCommit) -> Void
  ) throws(RecoveryRefusal) -> SalvageReport {
    let findings = try JournalScan.findings(disk, root)
    let instance = try SalvageFindings.instance(findings, disk, root)
    var report = SalvageReport(instance: instance)
    report.snapshot = try snapshot(disk, root, findings.names, instance, arena, &report.lost)
    let base = report.snapshot?.position ?? 0
    let chain = SalvageFindings.chain(findings, instance, after: base, &report.lost)
    guard report.snapshot != nil || !chain.isEmpty else {
      throw .damaged(
        JournalNames.format, "nothing here can be kept: there is no good snapshot and no beginning",
        "restore a backup")
    }
    loaded(report.snapshot?.position)
    var last = base
    let (lost, wallMillis) = replay(disk, root, chain) { each in
      guard each.position == last + 1 else { return }
      commit(each)
      last = each.position
    }
    report.lost += lost
    report.wallMillis = max(report.snapshot?.wallMillis ?? 0, wallMillis)
    report.commitCount = last - base
    report.lastPosition = last
    let witnessed = findings.witness.compactMap(\.block).map(\.lastPosition).max() ?? 0
    if witnessed > last {
      report.lost.append(
        "positions \(last + 1) to \(witnessed), at least, which had been acknowledged")
    }
    return report
  }

  private static func snapshot(
    _ disk: any Disk, _ root: RootKey, _ names: [String], _ instance: Block128, _ arena: Arena,
    _ lost: inout [String]
  ) throws(RecoveryRefusal) -> SnapshotSummary? {
    for (name, _) in SnapshotNames.snapshots(names) {
      do throws(SnapshotFault) {
        return try SnapshotReader.read(disk, name, root, instance: instance, into: arena)
      } catch {
        switch error.refusal.reason {
        case .newerFormat, .limitTooSmall: throw error.refusal
        default: lost.append("the snapshot \(error.refusal)")
        }
      }
    }
    return nil
  }

  /// Hands the commits on and returns what was given up and when the last batch was written.
  private static func replay(
    _ disk: any Disk, _ root: RootKey, _ chain: [SegmentOrder.Segment],
    commit: (JournaledCommit) -> Void
  ) -> (lost: [String], wallMillis: UInt64) {
    var wallMillis: UInt64 = 0
    var commits: [JournaledCommit] = []
    for (index, segment) in chain.enumerated() {
      let next = index + 1 < chain.count ? chain[index + 1].header : nil
      commits.removeAll(keepingCapacity: true)
      let scan = JournalScan.scan(
        disk, root, segment, statedEnd: next.map { Int(clamping: $0.previousEnd) },
        seen: { _, _ in }, commit: { commits.append($0) })
      for each in commits { commit(each) }
      wallMillis = max(wallMillis, scan.last.wallMillis)
      if let why = SalvageFindings.break(scan, next) {
        let rest = chain[(index + 1)...].map { "\($0.name): comes after that" }
        return (["\(segment.name), from byte \(scan.last.end) on: \(why)"] + rest, wallMillis)
      }
    }
    return ([], wallMillis)
  }
}

/// What was kept and what was not, for people.
public struct SalvageReport: Sendable {
  public var instance: Block128
  /// The one that was used.
  public var snapshot: SnapshotSummary?
  /// Commits read after it.
  public var commitCount: UInt64 = 0
  /// The last commit that was kept.
  public var lastPosition: UInt64 = 0
  /// The wall clock of the newest thing that was kept.
  public var wallMillis: UInt64 = 0
  /// What was given up, a line each.
  public var lost: [String] = []

  init(instance: Block128) { self.instance = instance }
}
