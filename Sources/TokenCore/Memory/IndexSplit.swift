/// Splitting a segment: the entries whose next tag bit is 1 go to a new segment, each to the line
/// and place it has, so its displacement stays true and it always fits. An open place gets a
/// tombstone exactly where an entry of the same segment probes through the line.
struct IndexSplit {
  private let old: IndexSegment
  private let new: IndexSegment
  /// The tag bit that decides.
  private let shift: UInt32
  /// Lines that staying, and leaving, entries probe through.
  private var passedByStaying = LineSet()
  private var passedByLeaving = LineSet()
  private var leaving = 0

  /// Fills `new`, which is zeroed and which no reader knows. Reads only `old`, changes only `new`.
  init(_ old: IndexSegment, into new: IndexSegment) {
    self.old = old
    self.new = new
    shift = UInt32(31 - old.depth)
    for line in 0..<IndexSegment.lineCount { note(line) }
    for line in 0..<IndexSegment.lineCount {
      for place in 0..<8 { fill(line, place) }
    }
    new.setTaken(leaving)
    new.setDepth(old.depth + 1)
  }

  /// Takes the leaving entries out of `old`, after the directory leads their readers to `new`.
  /// No staying entry moves, so a reader inside `old` finds those as before.
  func finish() {
    for line in 0..<IndexSegment.lineCount {
      let open = passedByStaying.contains(line) ? IndexEntry.tombstone : IndexEntry.empty
      for place in 0..<8 {
        let entry = IndexEntry(word: old.load(line, place))
        if entry.isTaken ? isLeaving(entry) : entry.word != open { old.store(line, place, open) }
      }
    }
    old.setTaken(old.taken - leaving)
    old.setDepth(old.depth + 1)
  }

  private func isLeaving(_ entry: IndexEntry) -> Bool { entry.tag &>> shift & 1 == 1 }

  private mutating func note(_ line: Int) {
    for place in 0..<8 {
      let entry = IndexEntry(word: old.load(line, place))
      guard entry.isTaken else { continue }
      let leaves = isLeaving(entry)
      if leaves { leaving += 1 }
      for back in stride(from: 1, through: entry.displacement, by: 1) {
        let passed = (line - back + IndexSegment.lineCount) & (IndexSegment.lineCount - 1)
        if leaves { passedByLeaving.insert(passed) } else { passedByStaying.insert(passed) }
      }
    }
  }

  private func fill(_ line: Int, _ place: Int) {
    let entry = IndexEntry(word: old.load(line, place))
    if entry.isTaken && isLeaving(entry) {
      new.store(line, place, entry.word)
    } else if passedByLeaving.contains(line) {
      new.store(line, place, IndexEntry.tombstone)
    }
  }
}

/// A set of the 512 lines of a segment.
private struct LineSet {
  private var bits = InlineArray<8, UInt64>(repeating: 0)

  mutating func insert(_ line: Int) { bits[line &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: line) }
  func contains(_ line: Int) -> Bool {
    bits[line &>> 6] &>> UInt64(truncatingIfNeeded: line) & 1 == 1
  }
}
