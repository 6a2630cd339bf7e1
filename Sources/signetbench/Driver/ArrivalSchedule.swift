/// When the requests of an open loop are due: a fixed number a second, whatever the server does.
/// Nothing is skipped: a client that cannot send in time is behind, and stays so until it has sent
/// what was due, so no slow answer hides those that waited behind it.
struct ArrivalSchedule: Equatable, Sendable {
  private let startNanos: UInt64
  private let perSecond: UInt64
  /// Requests that were taken.
  private(set) var taken: UInt64 = 0
  /// When the next request is due.
  private(set) var nextNanos: UInt64

  init(startNanos: UInt64, perSecond: Int) {
    self.startNanos = startNanos
    self.perSecond = UInt64(perSecond)
    nextNanos = startNanos
  }

  /// The intended start of the next request if it is due at `now`; nil when it is not.
  mutating func take(now: UInt64) -> UInt64? {
    guard nextNanos <= now else { return nil }
    let due = nextNanos
    taken += 1
    // From the start each time, so that rounding never adds up.
    let product = taken.multipliedFullWidth(by: 1_000_000_000)
    nextNanos = startNanos + perSecond.dividingFullWidth(product).quotient
    return due
  }
}
