internal import LinuxIO
internal import TokenCore

/// The lane's time: both clocks, what is made of them, and what the workers are told.
struct LaneClock {
  /// Wall clock and time since boot, read together.
  typealias Source = @Sendable () -> (wallMillis: UInt64, bootMillis: UInt64)

  static let system: Source = {
    (SystemClock.realtimeMillis(), SystemClock.boottimeMillis())
  }

  private let source: Source
  private let shared: SharedClock
  private var trusted: TrustedClock
  /// The time in force since the last `read` or `accept`.
  private(set) var reading: TrustedClock.Reading

  /// - Parameter notBefore: the last time that was recorded; 0 = none.
  init(
    _ shared: SharedClock, notBefore: UInt64 = 0, source: @escaping Source = LaneClock.system
  ) {
    let now = source()
    var trusted = TrustedClock(
      wallMillis: now.wallMillis, bootMillis: now.bootMillis, notBefore: notBefore)
    reading = trusted.read(wallMillis: now.wallMillis, bootMillis: now.bootMillis)
    self.trusted = trusted
    self.source = source
    self.shared = shared
  }

  /// Reads the clocks. True when the wall clock became suspect, or is believed again.
  mutating func read() -> Bool {
    let before = shared.isSuspect
    let now = source()
    reading = trusted.read(wallMillis: now.wallMillis, bootMillis: now.bootMillis)
    publish()
    return reading.isSuspect != before
  }

  /// Believes a suspect wall clock as it is. False when it was not suspect: nothing changes.
  mutating func accept() -> Bool {
    guard reading.isSuspect else { return false }
    let now = source()
    reading = trusted.accept(wallMillis: now.wallMillis, bootMillis: now.bootMillis)
    publish()
    return true
  }

  private func publish() {
    shared.publish(offsetMillis: reading.offsetMillis, isSuspect: reading.isSuspect)
  }
}
