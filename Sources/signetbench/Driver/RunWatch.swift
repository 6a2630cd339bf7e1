internal import LinuxIO

/// What looks at a run from beside it: the server's counters at both ends, the client's own
/// processor time, a line for a person.
struct RunWatch {
  let meter: ServerMeter?
  var line: LiveLine?
  private var clientCPUAtStart: UInt64 = 0

  init(meter: ServerMeter? = nil, line: LiveLine? = nil) {
    self.meter = meter
    self.line = line
  }

  mutating func beginMeasuring() {
    meter?.begin()
    clientCPUAtStart = SystemClock.processCPUNanos()
  }

  /// The client's processor time since `beginMeasuring`.
  mutating func endMeasuring() -> UInt64 {
    let used = SystemClock.processCPUNanos() - clientCPUAtStart
    meter?.end()
    return used
  }

  mutating func show(_ tally: RunTally, _ plan: RunPlan, _ elapsedNanos: UInt64, now: UInt64) {
    line?.show(tally, plan, elapsedNanos, now: now)
  }

  mutating func end() { line?.clear() }
}
