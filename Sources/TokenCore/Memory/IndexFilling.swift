/// Entries on their way into an index that is filled at once, as at a start: sorted roughly by
/// where they will lie, so that an insertion finds its segment in the processor's cache. Filling a
/// large index in the order of the slots waits for memory at each entry.
///
/// Costs 8 bytes for each entry, given back as they are inserted.
struct IndexFilling: ~Copyable {
  /// By the hash's top bits. An entry is what the index uses of the hash, but for these bits, and
  /// the slot: tag 26, home line 9, slot 28.
  private var groups: [[UInt64]]

  private static let groupBits: UInt64 = 6
  private static let slotBits: UInt64 = 28
  private static let lineBits: UInt64 = 9

  /// - Parameter expected: how many entries will come, about.
  init(expected: Int) {
    groups = [[UInt64]](repeating: [], count: 1 << Int(Self.groupBits))
    // Random hashes: a sixteenth more than the average is enough for large groups.
    let room = expected / groups.count
    for group in groups.indices { groups[group].reserveCapacity(room + room / 16 + 64) }
  }

  mutating func add(_ hash: UInt64, slot: UInt32) {
    let tag = hash >> 32 & (1 << (32 - Self.groupBits) - 1)
    let line = UInt64(IndexSegment.homeLine(hash))
    groups[Int(hash >> (64 - Self.groupBits))].append(
      (tag << Self.lineBits | line) << Self.slotBits | UInt64(slot))
  }

  /// Inserts all of them.
  consuming func insert(into index: inout TokenIndex) {
    for group in groups.indices {
      let entries = groups[group]
      groups[group] = []
      let top = UInt64(group) << (64 - Self.groupBits)
      for entry in entries {
        let line = entry >> Self.slotBits & (1 << Self.lineBits - 1)
        let tag = entry >> (Self.slotBits + Self.lineBits)
        let slot = UInt32(truncatingIfNeeded: entry & (1 << Self.slotBits - 1))
        // The bits that an index looks at: the tag, and those of the home line.
        index.insert(top | tag << 32 | line << 3, slot: slot)
      }
    }
  }
}
