internal import LinuxIO
internal import TokenCrypto

/// What can be made of a damaged directory's files before their batches are read.
enum SalvageFindings {
  /// The journal that the directory was of: what FORMAT says, else what most files say.
  static func instance(
    _ findings: JournalFindings, _ disk: any Disk, _ root: RootKey
  ) throws(RecoveryRefusal) -> Block128 {
    try refuseNewer(findings)
    if let format = findings.format.block { return format.instance }
    var votes = findings.segments.compactMap { $0.header.block?.instance }
    votes += SnapshotNames.snapshots(findings.names).compactMap { snapshot in
      header(disk, snapshot.name, root)?.instance
    }
    var best: (instance: Block128, count: Int)?
    for vote in votes {
      let count = votes.filter { $0 == vote }.count
      if count > best?.count ?? 0 { best = (vote, count) }
    }
    if let best { return best.instance }
    if let name = firstForged(findings) { throw .notAuthentic(name, 0, "its first block") }
    throw .damaged(
      JournalNames.format, "nothing of a journal can be read here", "restore a backup")
  }

  /// The segments to read after a snapshot's position, in their order: those of the newest run
  /// without a gap that begins at or before it.
  static func chain(
    _ findings: JournalFindings, _ instance: Block128, after position: UInt64,
    _ lost: inout [String]
  ) -> [SegmentOrder.Segment] {
    var segments: [SegmentOrder.Segment] = []
    for finding in findings.segments {
      switch finding.header {
      case .whole(let header):
        let isKnown = segments.contains { $0.header.nonce == header.nonce }
        guard header.instance == instance, !isKnown, header.isPossible else { continue }
        segments.append((finding.name, header, finding.byteCount))
      case .faulty(let fault):
        if finding.name == JournalNames.reserve && finding.isEmptyAfterHeader { continue }
        lost.append("\(RecoveryRefusal.block(finding.name, 0, "the segment's header", fault))")
      case .unreadable(let error): lost.append("\(finding.name): \(error)")
      case .missing: break
      }
    }
    let nonces = Set(segments.map(\.header.nonce))
    let heads = segments.filter { !nonces.contains($0.header.previousNonce) }
      .sorted { $0.header.firstBatch < $1.header.firstBatch }
    for gap in heads where gap.header.firstPosition > position + 1 {
      lost.append(
        "\(gap.name) and what follows it: the segment before it, which ends with batch "
          + "\(gap.header.firstBatch - 1), is missing")
    }
    guard let head = heads.last(where: { $0.header.firstPosition <= position + 1 }) else {
      return []
    }
    var chain = [head]
    while let last = chain.last,
      let next = segments.first(where: { $0.header.previousNonce == last.header.nonce })
    {
      chain.append(next)
    }
    // Wholly in the snapshot: its damage does not matter.
    while chain.count > 1, chain[1].header.firstPosition <= position + 1 { chain.removeFirst() }
    return chain
  }

  /// Why the next segment does not follow; nil where it does, and where none is to.
  static func `break`(_ scan: SegmentScan, _ next: SegmentHeader?) -> String? {
    switch scan.stop {
    case .unreadable(let error): return "\(error)"
    case .hole: return "batch \(scan.last.number + 1) is missing"
    case .fault(let fault, _, _, _, _): return "batch \(scan.last.number + 1): \(fault.text)"
    case .zeros where next == nil: return nil
    case .zeros: return "batch \(scan.last.number + 1) is missing"
    case .statedEnd: break
    }
    guard let next, scan.last.number == next.firstBatch - 1, scan.last.tag == next.previousTag
    else { return "the next segment goes on after another batch" }
    return nil
  }

  private static func header(
    _ disk: any Disk, _ name: String, _ root: RootKey
  ) -> SnapshotHeader? {
    guard let file = try? disk.open(name, isWritable: false),
      let bytes = try? file.read(byteCount: journalBlockBytes, at: 0)
    else { return nil }
    return try? SnapshotHeader(bytes, JournalMAC(root))
  }

  /// A later version may know what to make of it.
  private static func refuseNewer(_ findings: JournalFindings) throws(RecoveryRefusal) {
    if case .faulty(.newer(let version)) = findings.format {
      throw .newer(JournalNames.format, 0, version)
    }
    for segment in findings.segments {
      if case .faulty(.newer(let version)) = segment.header {
        throw .newer(segment.name, 0, version)
      }
    }
  }

  private static func firstForged(_ findings: JournalFindings) -> String? {
    if findings.format == .faulty(.notAuthentic) { return JournalNames.format }
    return findings.segments.first { $0.header == .faulty(.notAuthentic) }?.name
  }
}
