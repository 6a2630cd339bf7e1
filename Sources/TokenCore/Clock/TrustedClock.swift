/// The time that rules may rely on. The wall clock is believed while it agrees with the time since
/// boot; when it steps by more than five seconds, the last believed wall time plus the time since
/// boot is used instead, and nothing is reclaimed, until both agree again (or a restart takes the
/// wall clock as it is). A clock that jumps ten years ahead and back thus loses no live token.
public struct TrustedClock: Equatable, Sendable {
  /// What the clock says at one instant: the time to use, and whether it is the wall clock's.
  public struct Reading: Equatable, Sendable {
    /// Unix milliseconds; never lower than in an earlier reading.
    public var nowMillis: UInt64
    /// The wall clock is not believed.
    public var isSuspect: Bool
    /// Believed wall time minus time since boot, for threads that only read (see `SharedClock`).
    public var offsetMillis: Int64
  }

  public static let toleranceMillis: UInt64 = 5_000

  private var offsetMillis: Int64
  private var lastMillis: UInt64

  public init(wallMillis: UInt64, bootMillis: UInt64) {
    offsetMillis = Int64(wallMillis) - Int64(bootMillis)
    lastMillis = wallMillis
  }

  /// Takes both clocks, read together.
  public mutating func read(wallMillis: UInt64, bootMillis: UInt64) -> Reading {
    let expected = UInt64(max(Int64(bootMillis) + offsetMillis, 0))
    let difference = wallMillis > expected ? wallMillis - expected : expected - wallMillis
    let isSuspect = difference > Self.toleranceMillis
    if !isSuspect { offsetMillis = Int64(wallMillis) - Int64(bootMillis) }
    lastMillis = max(lastMillis, isSuspect ? expected : wallMillis)
    return Reading(nowMillis: lastMillis, isSuspect: isSuspect, offsetMillis: offsetMillis)
  }
}
