import Testing

@testable import TokenCore

@Suite struct ReclaimCursorsTests {
  /// A table of `highWater` slots, a cursor that may lie past them (the table has shrunk since),
  /// and how many are asked for.
  struct Walk: CustomStringConvertible {
    let cursor: UInt32
    let highWater: Int
    let count: Int

    var description: String { "\(count) after \(cursor) of \(highWater)" }

    static let all: [Walk] = (0...5).flatMap { highWater in
      (0...7).flatMap { cursor in
        (0...12).map { Walk(cursor: cursor, highWater: highWater, count: $0) }
      }
    }
  }

  @Test("each slot once, from the cursor on and round the end, and the cursor is where it ended")
  func walks() {
    for walk in Walk.all {
      var expected: [UInt32] = []
      var end = walk.cursor
      for _ in 0..<min(walk.count, walk.highWater) {
        end = Int(end) >= walk.highWater ? 1 : end + 1
        expected.append(end)
      }
      var cursor = walk.cursor
      let slots = ReclaimCursors.advance(
        &cursor, highWater: walk.highWater, count: walk.count)
      #expect(Array(slots) == expected, "\(walk)")
      #expect(cursor == end, "\(walk)")
      #expect(Set(expected).count == expected.count, "\(walk)")
    }
  }
}
