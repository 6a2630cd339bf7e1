/// Entries on their way into an index that is filled at once, as at a start: sorted roughly by
/// where they will lie, so that an insertion finds its segment in the processor's cache. Filling a
/// large index in the order of the slots waits for memory at each entry.
///
/// Costs 8 bytes for each entry, and a sixteenth more.
struct IndexFilling: ~Copyable {
  /// Groups by the hash's top bits, `room` words each. An entry is what the index uses of the hash,
  /// but for these bits, and the slot: tag 22 to 26, home line 9, slot 28.
  private var entries: [UInt64]
  /// Of each group.
  private var counts: [Int]
  private let room: Int
  /// How many of the hash's bits choose the group.
  private let groupBits: UInt64
  /// What found no room in its group: nearly always nothing.
  private var others: [(hash: UInt64, slot: UInt32)] = []

  private static let slotBits: UInt64 = 28
  private static let lineBits: UInt64 = 9
  private static let insertedTogether = 32

  /// - Parameter expected: how many entries will come, about.
  init(expected: Int) {
    groupBits = Self.groupBits(for: expected)
    let groupCount = 1 << Int(groupBits)
    // Random hashes: a sixteenth more than the average is enough for large groups.
    let average = expected / groupCount
    room = average + average / 16 + 64
    counts = [Int](repeating: 0, count: groupCount)
    entries = [UInt64](repeating: 0, count: groupCount * room)
  }

  /// Groups of which each fills about four segments: what stays in a processor's own cache.
  private static func groupBits(for expected: Int) -> UInt64 {
    var bits: UInt64 = 6
    while bits < 10 && expected >> bits > 4 * IndexSegment.maxTaken { bits += 1 }
    return bits
  }

  mutating func add(_ hash: UInt64, slot: UInt32) {
    let group = Int(hash >> (64 - groupBits))
    let count = counts[group]
    guard count < room else { return others.append((hash, slot)) }
    let tag = hash >> 32 & (1 << (32 - groupBits) - 1)
    let line = UInt64(IndexSegment.homeLine(hash))
    entries[group * room + count] =
      (tag << Self.lineBits | line) << Self.slotBits | UInt64(slot)
    counts[group] = count + 1
  }

  /// Inserts all of them, some at a time: what they need of memory is asked for first, so that they
  /// wait for it together.
  consuming func insert(into index: inout TokenIndex) {
    for group in counts.indices {
      let end = group * room + counts[group]
      for first in stride(from: group * room, to: end, by: Self.insertedTogether) {
        let places = first..<min(first + Self.insertedTogether, end)
        for place in places { index.touch(hash(entries[place], group)) }
        for place in places {
          let entry = entries[place]
          let slot = UInt32(truncatingIfNeeded: entry & (1 << Self.slotBits - 1))
          index.insert(hash(entry, group), slot: slot)
        }
      }
    }
    for (hash, slot) in others { index.insert(hash, slot: slot) }
  }

  /// The bits of an entry's hash that an index looks at: the tag, and those of the home line.
  private func hash(_ entry: UInt64, _ group: Int) -> UInt64 {
    let line = entry >> Self.slotBits & (1 << Self.lineBits - 1)
    let tag = entry >> (Self.slotBits + Self.lineBits)
    return UInt64(group) << (64 - groupBits) | tag << 32 | line << 3
  }
}
