internal import LinuxIO
internal import TokenServer

/// VALIDATE of tokens drawn uniformly from tables of several sizes, in turn.
struct TableComparison {
  let sizes: [Int]
  let batch: Int
  let rounds: Int
  let seconds: Double

  /// Frames of a ring: a million tokens of batches of 128, more than any cache holds.
  private static let ringTokens = 1_048_576

  func report(to report: inout JSONText) throws(BenchError) {
    var sides: [TableSide] = []
    for size in sizes {
      sides.append(try TableSide(size, ringTokens: Self.ringTokens, batch: batch))
    }
    var nanos = [[Double]](repeating: [], count: sizes.count)
    var floors: [Double] = []
    for side in sides { _ = try side.nanosPerToken(seconds: min(seconds, 0.5)) }
    for _ in 0..<rounds {
      for (place, side) in sides.enumerated() {
        nanos[place].append(try side.nanosPerToken(seconds: seconds))
      }
      floors.append(MacFloor.twoBlocksNanos(seconds: min(seconds, 0.3)))
    }
    report.add("batch", batch)
    report.add("twoBlocksNanos", floors)
    for (place, size) in sizes.enumerated() {
      report.open("table\(place)")
      report.add("tokens", size)
      report.add("nanosPerToken", nanos[place])
      report.close()
    }
  }
}

/// One table with its frames and what answers them.
final class TableSide {
  private let table: LiveTable
  private let ring: FrameRing
  private var validation: FrameValidation
  private var place = 0

  init(_ tokens: Int, ringTokens: Int, batch: Int) throws(BenchError) {
    let table = try LiveTable(room: tokens)
    try table.issue(tokens, to: try table.register())
    self.table = table
    ring = try FrameRing(table, frames: max(ringTokens / batch, 1), batch: batch, seed: 5)
    validation = FrameValidation(table.state, root: table.root)
  }

  func nanosPerToken(seconds: Double) throws(BenchError) -> Double {
    var frames = 0
    let began = SystemClock.monotonicNanos()
    let end = began + UInt64(seconds * 1e9)
    var now = began
    while now < end {
      for _ in 0..<16 {
        try ring.answer(place, with: &validation)
        place = place + 1 == ring.count ? 0 : place + 1
      }
      frames += 16
      now = SystemClock.monotonicNanos()
    }
    return Double(now - began) / Double(frames * ring.batch)
  }
}
