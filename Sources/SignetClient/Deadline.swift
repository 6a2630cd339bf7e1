internal import LinuxIO

/// A moment on the monotonic clock by which something has to be done; nil millis: never.
struct Deadline {
  private let nanos: UInt64?

  init(afterMillis millis: Int32?) {
    nanos = millis.map { SystemClock.monotonicNanos() + UInt64(max($0, 0)) * 1_000_000 }
  }

  var isOver: Bool { nanos.map { SystemClock.monotonicNanos() >= $0 } ?? false }

  /// What is left, rounded up so that a wait of it never ends early; nil: for ever.
  var remainingMillis: Int32? {
    nanos.map { end in
      let now = SystemClock.monotonicNanos()
      return end > now ? Int32(clamping: (end - now + 999_999) / 1_000_000) : 0
    }
  }
}
