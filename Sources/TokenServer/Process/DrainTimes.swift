/// What a drain does when: it waits, gives up long work after three quarters of its time, so that
/// who waits for that still gets an answer, and stops at the end of it.
struct DrainTimes {
  private let endMillis: UInt64
  private let giveUpMillis: UInt64
  private var hasGivenUp = false

  /// What is due.
  enum Step {
    case wait
    /// Once.
    case giveUp
    case stop
  }

  init(nowMillis: UInt64, timeoutMillis: UInt64) {
    endMillis = nowMillis + timeoutMillis
    giveUpMillis = nowMillis + timeoutMillis / 4 * 3
  }

  /// What is due now.
  mutating func step(nowMillis: UInt64) -> Step {
    if nowMillis >= endMillis { return .stop }
    if hasGivenUp || nowMillis < giveUpMillis { return .wait }
    hasGivenUp = true
    return .giveUp
  }

  /// How long nothing is due, at least 1.
  func waitMillis(nowMillis: UInt64) -> Int32 {
    let next = hasGivenUp ? endMillis : giveUpMillis
    return Int32(clamping: next > nowMillis ? next - nowMillis + 1 : 1)
  }
}
