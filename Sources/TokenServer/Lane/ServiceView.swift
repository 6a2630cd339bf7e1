internal import TokenCore

/// What a worker reads of the state, without a lock. Valid while the lane lives.
struct ServiceView: Sendable {
  let space: TokenSpace
  let gates: Gates
  let texts: SharedTexts
  let clock: SharedClock
}
