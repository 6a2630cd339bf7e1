internal import TokenCore
internal import TokenWire

// What concerns the daemon rather than its state. The lane answers these, so that the position they
// name is the one they saw; their replies are written from what it gathered, and they have no
// outcome.

extension StatusRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .status }
}

extension StatsRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .stats }
}

extension SnapshotRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .cut(.snapshot) }
}

extension BackupRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .cut(.backup(name: String(decoding: name, as: UTF8.self)))
  }
}

extension ClockAcceptRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .acceptClock }
}
