import Synchronization
import Testing
import TokenCore

@testable import TokenServer

/// A wall clock that a test steps.
private final class SteppedClocks: Sendable {
  let wall = Atomic<UInt64>(1_800_000_000_000)
  let boot = Atomic<UInt64>(50_000)

  var source: LaneClock.Source {
    { (self.wall.load(ordering: .relaxed), self.boot.load(ordering: .relaxed)) }
  }

  func pass(_ millis: UInt64) {
    wall.add(millis, ordering: .relaxed)
    boot.add(millis, ordering: .relaxed)
  }
}

struct LaneClockTests {
  // The macro cannot call what mutates.
  private func read(_ time: inout LaneClock) -> Bool { time.read() }
  private func accept(_ time: inout LaneClock) -> Bool { time.accept() }

  @Test("a clock that was not suspect has nothing to accept")
  func trusted() {
    let clocks = SteppedClocks()
    var time = LaneClock(SharedClock(), source: clocks.source)
    clocks.pass(1_000)
    #expect(!read(&time))
    #expect(!accept(&time))
    #expect(time.reading.nowMillis == 1_800_000_001_000)
  }

  @Test("a step ahead is suspect until it is accepted, then it is the time")
  func ahead() {
    let clocks = SteppedClocks()
    let shared = SharedClock()
    var time = LaneClock(shared, source: clocks.source)
    #expect(!read(&time))
    clocks.wall.add(3_600_000, ordering: .relaxed)
    #expect(read(&time))
    #expect(time.reading.isSuspect && shared.isSuspect)
    #expect(time.reading.nowMillis == 1_800_000_000_000)
    #expect(accept(&time))
    #expect(!time.reading.isSuspect && !shared.isSuspect)
    #expect(time.reading.nowMillis == 1_800_003_600_000)
    #expect(!accept(&time))
    clocks.pass(10)
    #expect(!read(&time))
    #expect(time.reading.nowMillis == 1_800_003_600_010)
  }

  @Test("an accepted step back never takes the time back")
  func back() {
    let clocks = SteppedClocks()
    let shared = SharedClock()
    var time = LaneClock(shared, source: clocks.source)
    clocks.wall.subtract(3_600_000, ordering: .relaxed)
    #expect(read(&time))
    #expect(accept(&time))
    #expect(!shared.isSuspect)
    #expect(time.reading.nowMillis == 1_800_000_000_000)
    clocks.pass(60_000)
    #expect(!read(&time))
    #expect(time.reading.nowMillis == 1_800_000_000_000)
    #expect(!time.reading.isSuspect)
  }

  @Test("a clock that comes back by itself is told once")
  func returns() {
    let clocks = SteppedClocks()
    var time = LaneClock(SharedClock(), source: clocks.source)
    #expect(!read(&time))
    clocks.wall.add(10_000, ordering: .relaxed)
    #expect(read(&time))
    #expect(!read(&time))
    clocks.wall.subtract(10_000, ordering: .relaxed)
    #expect(read(&time))
    #expect(!read(&time))
  }
}
