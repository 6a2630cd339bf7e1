/// Commits on their way into the journal, encoded: what one write to the disk carries.
///
/// Each commit is u64 position, u32 number of effects, u32 bytes of effects, effects. A commit
/// whose effects are all transient is kept empty, so that positions in a journal have no gaps.
public struct CommitBatch: Sendable {
  private var writer = FieldWriter(byteCount: 0)
  /// Position of the first commit; 0 while empty.
  public private(set) var firstPosition: UInt64 = 0
  public private(set) var commitCount = 0

  public init() {}

  /// Whether no commit was added.
  public var isEmpty: Bool { commitCount == 0 }
  /// The commits as bytes, in the order they were added.
  public var payload: [UInt8] { writer.bytes }
  /// Bytes of `payload`.
  public var byteCount: Int { writer.bytes.count }

  /// Position of the last commit; 0 while empty.
  public var lastPosition: UInt64 {
    isEmpty ? 0 : firstPosition + UInt64(commitCount) - 1
  }

  /// Starts anew in the same memory.
  public mutating func removeAll() {
    writer.removeAll()
    firstPosition = 0
    commitCount = 0
  }

  /// Appends a commit. Its position is the one after the last.
  public mutating func add(_ effects: [Effect], at position: UInt64) {
    precondition(isEmpty || position == lastPosition + 1, "positions have no gaps")
    writer.u64(position)
    let mark = byteCount
    writer.u32(0)
    writer.u32(0)
    var count: UInt32 = 0
    for effect in effects where effect.isKept {
      writer.effect(effect)
      count += 1
    }
    writer.replace(at: mark, u32: count)
    writer.replace(at: mark + 4, u32: UInt32(byteCount - mark - 8))
    if isEmpty { firstPosition = position }
    commitCount += 1
  }
}

/// A commit read back from a journal.
public struct JournaledCommit: Equatable, Sendable {
  public var position: UInt64
  /// Without the transient ones.
  public var effects: [Effect]

  public init(position: UInt64, effects: [Effect]) {
    self.position = position
    self.effects = effects
  }
}

extension CommitBatch {
  /// The commits in a payload: exactly `commitCount` of them, at `firstPosition` and on.
  public static func commits(
    in payload: [UInt8], firstPosition: UInt64, commitCount: Int
  ) throws(EffectFault) -> [JournaledCommit] {
    var reader = FieldReader(payload)
    var commits: [JournaledCommit] = []
    for index in 0..<commitCount {
      let position = reader.u64()
      let effectCount = reader.u32()
      let body = reader.raw(Int(reader.u32()))
      guard !reader.isShort, position == firstPosition + UInt64(index) else { throw .framing }
      var inner = FieldReader(body)
      var effects: [Effect] = []
      for _ in 0..<effectCount { effects.append(try inner.effect()) }
      guard inner.isAtEnd else { throw .framing }
      commits.append(JournaledCommit(position: position, effects: effects))
    }
    guard reader.isAtEnd else { throw .framing }
    return commits
  }
}
