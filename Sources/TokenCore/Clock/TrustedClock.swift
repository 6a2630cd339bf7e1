/// The time that rules may rely on. The wall clock is believed while it agrees with the time since
/// boot; when it steps by more than five seconds, the last believed wall time plus the time since
/// boot is used instead, and nothing is reclaimed, until both agree again or the operator accepts
/// the wall clock as it is now. A clock that jumps ten years ahead and back thus loses no live
/// token.
public struct TrustedClock: Equatable, Sendable {
  /// What the clock says at one instant: the time to use, and whether it is the wall clock's.
  public struct Reading: Equatable, Sendable {
    /// Unix milliseconds; never lower than in an earlier reading.
    public var nowMillis: UInt64
    /// The wall clock is not believed.
    public var isSuspect: Bool
    /// `nowMillis` minus time since boot, for threads that only read (see `SharedClock`).
    public var offsetMillis: Int64
  }

  public static let toleranceMillis: UInt64 = 5_000
  /// How long the service may have been down before a restart doubts the wall clock: seven days.
  public static let believedDowntimeMillis: UInt64 = 604_800_000

  private var offsetMillis: Int64
  private var lastMillis: UInt64

  /// A clock for a process that starts.
  ///
  /// Nothing told the time while the service was down, so a wall clock at most seven days later
  /// than the last recorded time is believed. One that is earlier, or later than that, is suspect
  /// from the first reading on: time goes on from the recorded one.
  ///
  /// - Parameter notBefore: the last time that was recorded (journal or snapshot), Unix
  ///   milliseconds; 0 = none. No reading is ever lower.
  public init(wallMillis: UInt64, bootMillis: UInt64, notBefore: UInt64 = 0) {
    let (latest, overflow) = notBefore.addingReportingOverflow(Self.believedDowntimeMillis)
    let isTooLate = notBefore > 0 && !overflow && wallMillis > latest
    let isTooEarly = wallMillis < notBefore && notBefore - wallMillis > Self.toleranceMillis
    let start = isTooLate || isTooEarly ? notBefore : wallMillis
    offsetMillis = Self.offset(start, bootMillis)
    lastMillis = max(start, notBefore)
  }

  /// Takes both clocks, read together.
  public mutating func read(wallMillis: UInt64, bootMillis: UInt64) -> Reading {
    let expected = expectedMillis(bootMillis)
    let difference = wallMillis > expected ? wallMillis - expected : expected - wallMillis
    let isSuspect = difference > Self.toleranceMillis
    if !isSuspect { offsetMillis = Self.offset(wallMillis, bootMillis) }
    return advance(to: isSuspect ? expected : wallMillis, bootMillis, isSuspect: isSuspect)
  }

  /// The operator says that the wall clock is right: the doubt ends and time follows it from now
  /// on. Where it is behind what was used before, time stands still until it has caught up:
  /// nothing that was decided is decided again with an earlier time.
  @discardableResult
  public mutating func accept(wallMillis: UInt64, bootMillis: UInt64) -> Reading {
    // Other threads went on by the time since boot, so what passed since the last reading counts.
    lastMillis = max(lastMillis, expectedMillis(bootMillis))
    offsetMillis = Self.offset(wallMillis, bootMillis)
    return advance(to: wallMillis, bootMillis, isSuspect: false)
  }

  private mutating func advance(
    to millis: UInt64, _ bootMillis: UInt64, isSuspect: Bool
  ) -> Reading {
    lastMillis = max(lastMillis, millis)
    return Reading(
      nowMillis: lastMillis, isSuspect: isSuspect,
      offsetMillis: Self.offset(lastMillis, bootMillis))
  }

  /// The last believed wall time plus the time since.
  private func expectedMillis(_ bootMillis: UInt64) -> UInt64 {
    UInt64(max(Int64(clamping: bootMillis) &+ offsetMillis, 0))
  }

  private static func offset(_ millis: UInt64, _ bootMillis: UInt64) -> Int64 {
    Int64(clamping: millis) - Int64(clamping: bootMillis)
  }
}
