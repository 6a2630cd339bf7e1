internal import LinuxIO
internal import TokenWire

/// The numbers that a loop works with. Times in milliseconds.
struct LoopSettings: Sendable {
  var maxFrameBytes = WireLimits.frameBytesDefault
  var maxInFlight = WireLimits.inFlightDefault
  var writeBufferBytes = 1_048_576
  var helloTimeoutMillis: UInt64 = 5_000
  var frameTimeoutMillis: UInt64 = 5_000
  /// 0 = never.
  var idleTimeoutMillis: UInt64 = 300_000
  var slowReaderTimeoutMillis: UInt64 = 10_000
  /// Bytes read from one connection in one turn: with a thousand busy connections nobody waits for
  /// more than a thousand times this.
  var readBytesPerTurn = 65_536
  /// Frames answered for one connection in one turn.
  var framesPerTurn = 1_024

  init() {}

  init(_ limits: ServerLimits) {
    maxFrameBytes = limits.maxFrameBytes
    maxInFlight = limits.maxInFlight
    writeBufferBytes = limits.writeBufferBytes
    helloTimeoutMillis = UInt64(limits.helloTimeoutSeconds) * 1_000
    frameTimeoutMillis = UInt64(limits.frameTimeoutSeconds) * 1_000
    idleTimeoutMillis = UInt64(limits.idleTimeoutSeconds) * 1_000
    slowReaderTimeoutMillis = UInt64(limits.slowReaderTimeoutSeconds) * 1_000
  }
}

/// Where a loop reads the time, once a turn. Tests put in their own.
struct LoopClock: Sendable {
  /// Milliseconds that never go back.
  let nowMillis: @Sendable () -> UInt64

  static let monotonic = LoopClock { SystemClock.monotonicNanos() / 1_000_000 }
}
