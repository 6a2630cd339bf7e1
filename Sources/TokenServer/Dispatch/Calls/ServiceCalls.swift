internal import TokenCore
internal import TokenWire

// What concerns the daemon rather than its state. The lane answers these, so that the position they
// name is the one they saw; their replies are written from what it gathered.

extension StatusRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .status }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    unexpected(answer)
  }
}

extension StatsRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .stats }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    unexpected(answer)
  }
}

extension SnapshotRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .notDurable }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    unexpected(answer)
  }
}

extension BackupRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .notDurable }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    unexpected(answer)
  }
}
