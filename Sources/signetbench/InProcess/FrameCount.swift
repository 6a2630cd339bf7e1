internal import TokenServer

/// A fixed number of VALIDATE frames: the same instructions every time, for counting them. Two runs
/// that differ in `frames` alone differ by what so many frames cost, warm.
struct FrameCount {
  let tokens: Int
  let batch: Int
  let frames: Int

  /// Frames that warm up, and of which the counted ones are repetitions.
  private static let ringFrames = 4

  func report(to report: inout JSONText) throws(BenchError) {
    let table = try LiveTable(room: tokens)
    try table.issue(tokens, to: try table.register())
    let ring = try FrameRing(table, frames: Self.ringFrames, batch: batch, seed: 5)
    var validation = FrameValidation(table.state, root: table.root)
    for place in 0..<ring.count { try ring.answer(place, with: &validation) }
    for frame in 0..<frames { try ring.answer(frame % ring.count, with: &validation) }
    report.add("frames", frames)
    report.add("batch", batch)
    report.add("tokens", tokens)
  }
}
