internal import LinuxIO

/// Where the lane reads the wall clock and the time since boot, together. Tests put in their own.
struct LaneClocks: Sendable {
  let read: @Sendable () -> (wallMillis: UInt64, bootMillis: UInt64)

  static let system = LaneClocks {
    (SystemClock.realtimeMillis(), SystemClock.boottimeMillis())
  }
}
