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
  static func advance(_ cursor: inout UInt32, highWater: Int, count: Int) -> [UInt32] {
    guard highWater > 0 else { return [] }
    return (0..<min(count, highWater)).map { _ in
      cursor = cursor >= UInt32(highWater) ? 1 : cursor + 1
      return cursor
    }
  }
}
