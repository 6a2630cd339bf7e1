internal import TokenCore
internal import TokenCrypto

/// One file of a directory, as the offline check saw it.
public struct VerifiedFile: Equatable, Sendable {
  /// What the file is, in reports for programs.
  public enum Kind: String, Sendable {
    case format, segment, witness, snapshot, manifest
  }

  public var name: String
  public var kind: Kind
  /// Numbers about it, for programs: a name in camel case and the value.
  public var facts: [Fact]
  /// The same for people, without the file's name.
  public var text: String

  /// A number with a name.
  public struct Fact: Equatable, Sendable {
    public var name: String
    public var value: UInt64
  }

  init(_ name: String, _ kind: Kind, _ facts: KeyValuePairs<String, UInt64>, _ text: String) {
    self.name = name
    self.kind = kind
    self.facts = facts.map { Fact(name: $0.key, value: $0.value) }
    self.text = text
  }
}

extension VerifiedFile {
  init(_ format: FormatBlock) {
    self.init(
      JournalNames.format, .format, ["createdAtMillis": format.createdAtMillis],
      "journal \(format.instance.hexText), made \(utcText(format.createdAtMillis))")
  }

  init(_ snapshot: SnapshotSummary) {
    let counts = snapshot.tables.filter { $0.live > 0 }.map { "\($0.name) \($0.live)" }
    self.init(
      snapshot.file, .snapshot,
      [
        "position": snapshot.position, "madeAtMillis": snapshot.wallMillis,
        "pageCount": UInt64(snapshot.pageCount), "byteCount": UInt64(snapshot.byteCount),
      ],
      "position \(snapshot.position), made \(utcText(snapshot.wallMillis)), "
        + "\(snapshot.pageCount) pages, \(snapshot.byteCount) bytes; "
        + counts.joined(separator: ", "))
  }

  init(_ witness: WitnessBlock) {
    self.init(
      JournalNames.witness, .witness,
      [
        "sequence": witness.sequence, "batch": witness.batchNumber,
        "position": witness.lastPosition,
      ],
      "batch \(witness.batchNumber) with position \(witness.lastPosition) was on the disk")
  }

  init(_ segment: SegmentSummary) {
    let batches =
      segment.batchCount == 0
      ? "no batch"
      : "batches \(segment.firstBatch) to \(segment.firstBatch + segment.batchCount - 1)"
    let positions =
      segment.lastPosition < segment.firstPosition
      ? "no position" : "positions \(segment.firstPosition) to \(segment.lastPosition)"
    self.init(
      segment.file, .segment,
      [
        "firstPosition": segment.firstPosition, "lastPosition": segment.lastPosition,
        "firstBatch": segment.firstBatch, "batchCount": segment.batchCount,
        "usedBytes": UInt64(segment.usedBytes), "byteCount": UInt64(segment.byteCount),
      ], "\(batches), \(positions), \(segment.usedBytes) of \(segment.byteCount) bytes used")
  }
}
