import Testing

@testable import TokenCore

/// The clock's two inputs, moved together or apart.
private struct Clocks {
  var wall: UInt64 = 1_767_225_600_000
  var boot: UInt64 = 50_000

  mutating func pass(_ millis: UInt64) {
    wall += millis
    boot += millis
  }
}

@Suite struct TrustedClockTests {
  private static let tenYears: UInt64 = 315_360_000_000

  @Test func timePassesWithTheWallClock() {
    var clocks = Clocks()
    var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
    clocks.pass(1_234)
    let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    #expect(reading.nowMillis == clocks.wall)
    #expect(!reading.isSuspect)
  }

  @Test func aJumpOfTenYearsAheadIsNotBelieved() {
    var clocks = Clocks()
    var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
    let start = clocks.wall
    clocks.wall += Self.tenYears
    clocks.pass(600_000)
    let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    #expect(reading.isSuspect)
    #expect(reading.nowMillis == start + 600_000)
  }

  @Test func afterTheJumpBackTheWallClockIsBelievedAgain() {
    var clocks = Clocks()
    var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
    clocks.wall += Self.tenYears
    clocks.pass(600_000)
    _ = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    clocks.wall -= Self.tenYears
    let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    #expect(!reading.isSuspect)
    #expect(reading.nowMillis == clocks.wall)
  }

  @Test func aJumpBackNeverLowersTheTime() {
    var clocks = Clocks()
    var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
    clocks.pass(10_000)
    let before = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot).nowMillis
    clocks.wall -= 3_600_000
    let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    #expect(reading.isSuspect)
    #expect(reading.nowMillis >= before)
  }

  @Test func slewingWithinTheToleranceIsBelieved() {
    var clocks = Clocks()
    var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
    clocks.pass(1_000)
    clocks.wall += TrustedClock.toleranceMillis
    let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
    #expect(!reading.isSuspect)
    #expect(reading.nowMillis == clocks.wall)
  }

  @Test func randomStepsNeverLowerTheTime() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix64(seed)
      var clocks = Clocks()
      var clock = TrustedClock(wallMillis: clocks.wall, bootMillis: clocks.boot)
      var last: UInt64 = 0
      for _ in 0..<100 {
        clocks.pass(UInt64(random.below(2_000)))
        if random.below(10) == 0 {
          let step = UInt64(random.below(1_000_000_000))
          clocks.wall = random.below(2) == 0 ? clocks.wall + step : clocks.wall - step
        }
        let reading = clock.read(wallMillis: clocks.wall, bootMillis: clocks.boot)
        #expect(reading.nowMillis >= last, "seed \(seed)")
        last = reading.nowMillis
      }
    }
  }
}
