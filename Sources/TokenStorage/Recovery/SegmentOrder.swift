internal import TokenCrypto

/// The segments of a journal in the order of their chain, or why they are no chain. Pure.
enum SegmentOrder {
  typealias Segment = (name: String, header: SegmentHeader, byteCount: Int)

  static func order(
    _ findings: [SegmentFinding], instance: Block128, snapshotPosition: UInt64
  ) throws(RecoveryRefusal) -> [Segment] {
    var segments: [Segment] = []
    for finding in findings {
      guard let header = try usable(finding, instance) else { continue }
      if let twin = segments.first(where: { $0.header.nonce == header.nonce }) {
        throw .damaged(
          finding.name, "the same segment as \(twin.name)",
          "move one of the two out of the directory, keeping the one whose name is right")
      }
      segments.append((finding.name, header, finding.byteCount))
    }
    guard !segments.isEmpty else {
      throw .damaged(
        JournalNames.format, "this directory had a journal and no segment of it is left",
        "put the missing seg-*.j files back, or restore a backup")
    }
    let chain = try follow(segments)
    try checkHead(chain[0], snapshotPosition)
    return chain
  }

  /// The header of a segment in use; nil for a reserve that is not.
  private static func usable(
    _ finding: SegmentFinding, _ instance: Block128
  ) throws(RecoveryRefusal) -> SegmentHeader? {
    let isReserve = finding.name == JournalNames.reserve
    switch finding.header {
    case .missing: return nil
    case .unreadable(let error): throw .unreadable(finding.name, error)
    case .faulty(let fault):
      // A reserve is taken into use by one write; until that is on the disk nothing follows it.
      if isReserve, fault.mayBeTornWrite, finding.isEmptyAfterHeader { return nil }
      throw .block(finding.name, 0, "the segment's header", fault)
    case .whole(let header):
      guard header.instance == instance else {
        throw .damaged(
          finding.name, "a segment of another journal (instance \(header.instance.hexText))",
          "move it out of the directory")
      }
      let name = JournalNames.segment(firstPosition: header.firstPosition, nonce: header.nonce)
      guard finding.name == name || (isReserve && header.flags.contains(.reserve)) else {
        throw .damaged(
          finding.name, "the segment that belongs under the name \(name)",
          "give the file its name back, unless another file has it already")
      }
      guard header.isPossible else {
        throw .damaged(
          finding.name, 0, "a segment's header with numbers that no version writes", restore)
      }
      guard finding.byteCount >= header.byteCount else {
        throw .damaged(
          finding.name, finding.byteCount, "the file ends here and had \(header.byteCount) bytes",
          "restore the file from a backup")
      }
      return header
    }
  }

  /// The segments of a journal in the order in which each names the one before it.
  static func follow(_ segments: [Segment]) throws(RecoveryRefusal) -> [Segment] {
    let nonces = Set(segments.map(\.header.nonce))
    let heads = segments.filter { !nonces.contains($0.header.previousNonce) }
      .sorted { $0.header.firstBatch < $1.header.firstBatch }
    guard let head = heads.first else {
      throw .damaged(segments[0].name, "segments that follow each other in a circle", restore)
    }
    if heads.count > 1 {
      throw .damaged(
        heads[1].name,
        "the segment before it, which ends with batch "
          + "\(heads[1].header.firstBatch - 1), is missing", restore)
    }
    var chain = [head]
    while let last = chain.last {
      let next = segments.filter { $0.header.previousNonce == last.header.nonce }
      if next.count > 1 {
        throw .damaged(
          next[1].name, "both this and \(next[0].name) say that they follow \(last.name)",
          "one of the two is of another time; restore a backup of the whole directory")
      }
      guard let successor = next.first else { break }
      chain.append(successor)
    }
    return chain
  }

  private static func checkHead(
    _ head: Segment, _ snapshotPosition: UInt64
  ) throws(RecoveryRefusal) {
    let isFirst = head.header.previousNonce == .zero
    // It begins after position 0, or after the snapshot that the journal was made with.
    guard !isFirst || head.header.firstBatch == 1 else {
      throw .damaged(head.name, 0, "a first segment that does not begin with batch 1", restore)
    }
    guard head.header.firstPosition <= snapshotPosition + 1 else {
      let wanted = snapshotPosition + 1
      throw .damaged(
        head.name,
        "the oldest segment begins at position \(head.header.firstPosition), and nothing holds "
          + "positions \(wanted) to \(head.header.firstPosition - 1)", restore)
    }
  }

  private static let restore = "put the missing files back, or restore a backup"
}

extension Block128 {
  static let zero = Block128(word0: 0, word1: 0)
}

extension BlockFault {
  /// Whether a single write that was cut short can look like this.
  var mayBeTornWrite: Bool { self == .empty || self == .damaged }
}
