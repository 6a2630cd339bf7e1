/// Where reclaim goes on in each table that it visits. Not durable: it may start anywhere.
struct ReclaimCursors {
  var tokens: UInt32 = 0
  var grants: UInt32 = 0
  var codes: UInt32 = 0
  var consents: UInt32 = 0
  var tickets: UInt32 = 0
  var apps: UInt32 = 0
  var users: UInt32 = 0

  /// The next `count` slots of a table after the cursor, which moves on and wraps.
  static func advance(_ cursor: inout UInt32, highWater: Int, count: Int) -> Slots {
    let slots = Slots(after: cursor, highWater: UInt32(highWater), count: min(count, highWater))
    cursor = slots.last
    return slots
  }

  /// Slots one after the other, from 1 again behind the highest. Every commit walks through some of
  /// each table: nothing is allocated.
  struct Slots: Sequence, IteratorProtocol {
    private var cursor: UInt32
    private let highWater: UInt32
    private var left: Int

    init(after cursor: UInt32, highWater: UInt32, count: Int) {
      self.cursor = cursor
      self.highWater = highWater
      left = count
    }

    mutating func next() -> UInt32? {
      guard left > 0 else { return nil }
      left -= 1
      cursor = cursor >= highWater ? 1 : cursor + 1
      return cursor
    }

    /// Where the cursor is after all of them.
    var last: UInt32 {
      guard left > 0 else { return cursor }
      let start = cursor >= highWater ? 0 : cursor
      return UInt32((UInt64(start) + UInt64(left) - 1) % UInt64(highWater)) + 1
    }
  }
}
