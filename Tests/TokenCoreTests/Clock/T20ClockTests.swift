import Testing

@testable import TokenCore

/// A machine whose clocks do everything that clocks do, and tokens issued by the trusted one.
private struct ClockWorld {
  private var random: SplitMix64
  private(set) var faults: [String] = []

  /// What time it really is, and what the two clocks say.
  private var truth: UInt64 = 1_767_225_600_000
  private var wallError: Int64 = 0
  private var boot: UInt64 = 77_000
  /// False while neither clock knows of a pause of the whole machine.
  private var isBootRight = true

  private var clock: TrustedClock
  private var reading: TrustedClock.Reading
  /// Small steps are believed: by so much the trusted time may be wrong.
  private var slackMillis: UInt64 = 0
  private var tokens: [UInt64] = []

  private static let tenYears = 315_360_000_000.0

  init(seed: UInt64) {
    random = SplitMix64(seed)
    clock = TrustedClock(wallMillis: truth, bootMillis: boot)
    reading = clock.read(wallMillis: truth, bootMillis: boot)
  }

  private var wall: UInt64 { UInt64(max(Int64(truth) + wallError, 0)) }

  /// What threads that only read judge expiry by (`SharedClock`).
  private var denialMillis: UInt64 {
    max(UInt64(max(Int64(boot) + reading.offsetMillis, 0)), wall)
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      switch random.below(12) {
      case 0: step()
      case 1: wallError = 0
      case 2: restart()
      case 3: pauseMachine()
      case 4: acceptWhereRight()
      case 5: pass(UInt64(random.below(86_400_000)))
      default: pass(UInt64(random.below(2_000)))
      }
      take(clock.read(wallMillis: wall, bootMillis: boot))
      tokens.append(reading.nowMillis + 1_000 * UInt64(60 + random.below(864_000)))
      sweep()
    }
  }

  /// From a second to ten years, each order of size as likely as the next, either way.
  private mutating func step() {
    var size = 1_000.0
    for _ in 0..<random.below(9) { size *= 12 }
    size = min(size * Double(1 + random.below(11)), Self.tenYears)
    wallError += random.below(2) == 0 ? Int64(size) : -Int64(size)
  }

  private mutating func pass(_ millis: UInt64) {
    truth += millis
    boot += millis
  }

  /// The whole machine stands still: the wall clock is set right afterwards, the time since boot
  /// knows of nothing.
  private mutating func pauseMachine() {
    truth += UInt64(random.below(3_600_000))
    isBootRight = false
  }

  private mutating func restart() {
    pass(UInt64(random.below(300_000)))
    if random.below(2) == 0 { boot = UInt64(random.below(100_000)) }
    let last = reading.nowMillis
    clock = TrustedClock(wallMillis: wall, bootMillis: boot, notBefore: last)
    isBootRight = false
    // A week and less is taken for the time that the service was down.
    if wall > truth && wall <= last + TrustedClock.believedDowntimeMillis {
      truth = wall
      wallError = 0
    }
  }

  private mutating func acceptWhereRight() {
    guard wallError == 0 else { return }
    take(clock.accept(wallMillis: wall, bootMillis: boot))
    if reading.isSuspect { faults.append("suspect after accept") }
    isBootRight = true
  }

  private mutating func take(_ next: TrustedClock.Reading) {
    if next.nowMillis < reading.nowMillis { faults.append("time went back") }
    if !next.isSuspect && wallError == 0 { isBootRight = true }
    if !next.isSuspect && wallError != 0 { slackMillis += TrustedClock.toleranceMillis }
    reading = next
  }

  /// What a lane does: frees while the clock is believed. And what every validation must say.
  private mutating func sweep() {
    if !reading.isSuspect {
      for expiry in tokens where expiry <= reading.nowMillis && expiry > truth + slackMillis {
        faults.append("lost a token that lives \(expiry - truth) ms more")
      }
      tokens.removeAll { $0 <= reading.nowMillis }
    }
    guard isBootRight || wallError >= 0 else { return }
    for expiry in tokens where expiry > denialMillis && expiry + slackMillis < truth {
      faults.append("a token dead since \(truth - expiry) ms is alive")
    }
  }
}

@Suite struct T20ClockTests {
  static let seeds: Range<UInt64> = 0..<1_000
  private static let tenYears: UInt64 = 315_360_000_000

  @Test func noLiveTokenLostAndNoDeadOneAliveWhateverTheClocksDo() {
    for seed in Self.seeds {
      var world = ClockWorld(seed: seed)
      world.run(steps: 120)
      let fault = world.faults.first
      #expect(fault == nil, "seed \(seed): \(fault ?? "")")
    }
    print("T20: \(Self.seeds.count) seeds")
  }

  @Test func tenYearsAheadTenMinutesOfTrafficAndBack() throws {
    let fixture = Fixture()
    let app = fixture.register()
    let before = (0..<20).map { _ in fixture.plantGrant(user: "alice", app) }
    var wall = fixture.nowMillis
    var boot: UInt64 = 1_000
    var clock = TrustedClock(wallMillis: wall, bootMillis: boot)
    var issued: [TokenID] = []
    wall += Self.tenYears
    for _ in 0..<300 {
      (wall, boot) = (wall + 2_000, boot + 2_000)
      let reading = clock.read(wallMillis: wall, bootMillis: boot)
      #expect(reading.isSuspect)
      (fixture.nowMillis, fixture.mayReclaim) = (reading.nowMillis, !reading.isSuspect)
      issued.append(try #require(fixture.issue([fixture.item(app)])).first?.id ?? .none)
    }
    wall -= Self.tenYears
    let reading = clock.read(wallMillis: wall, bootMillis: boot)
    #expect(!reading.isSuspect && reading.nowMillis == wall)
    (fixture.nowMillis, fixture.mayReclaim) = (reading.nowMillis, true)
    for _ in 0..<300 { _ = fixture.commit(.disableUser(Array("nobody".utf8))) }
    #expect(before.allSatisfy { fixture.isAlive($0) })
    #expect(issued.allSatisfy { fixture.verdict($0) == .live })
  }

  // MARK: Accept

  @Test func acceptingALaterWallClockEndsTheDoubtAndTimeFollowsIt() {
    var clock = TrustedClock(wallMillis: 1_000_000, bootMillis: 0)
    let step: UInt64 = 3_600_000
    #expect(clock.read(wallMillis: 1_000_010 + step, bootMillis: 10).isSuspect)
    let accepted = clock.accept(wallMillis: 1_000_020 + step, bootMillis: 20)
    #expect(!accepted.isSuspect && accepted.nowMillis == 1_000_020 + step)
    let next = clock.read(wallMillis: 1_000_030 + step, bootMillis: 30)
    #expect(!next.isSuspect && next.nowMillis == 1_000_030 + step)
  }

  @Test func acceptingAnEarlierWallClockHoldsTimeUntilItHasCaughtUp() {
    var clock = TrustedClock(wallMillis: 10_000_000, bootMillis: 0)
    #expect(clock.read(wallMillis: 9_000_000, bootMillis: 100).nowMillis == 10_000_100)
    let accepted = clock.accept(wallMillis: 9_000_100, bootMillis: 200)
    #expect(!accepted.isSuspect && accepted.nowMillis == 10_000_200)
    let held = clock.read(wallMillis: 9_500_100, bootMillis: 500_200)
    #expect(!held.isSuspect && held.nowMillis == 10_000_200)
    let later = clock.read(wallMillis: 10_000_300, bootMillis: 1_000_400)
    #expect(!later.isSuspect && later.nowMillis == 10_000_300)
  }

  @Test func acceptingARightClockChangesNothing() {
    var clock = TrustedClock(wallMillis: 1_000_000, bootMillis: 0)
    let plain = clock
    clock.accept(wallMillis: 1_000_000, bootMillis: 0)
    #expect(clock == plain)
  }

  @Test func aStepAfterAcceptingIsSuspectAgain() {
    var clock = TrustedClock(wallMillis: 1_000_000, bootMillis: 0)
    clock.accept(wallMillis: 9_000_000, bootMillis: 10)
    #expect(clock.read(wallMillis: 1_000_020, bootMillis: 20).isSuspect)
  }

  // MARK: Restart

  @Test(arguments: [
    (wall: UInt64(10_000_000), isSuspect: false, now: UInt64(10_000_000)),
    (wall: 9_995_000, isSuspect: false, now: 10_000_000),
    (wall: 9_994_999, isSuspect: true, now: 10_000_000),
    (wall: 0, isSuspect: true, now: 10_000_000),
    (
      wall: 10_000_000 + TrustedClock.believedDowntimeMillis, isSuspect: false,
      now: 10_000_000 + TrustedClock.believedDowntimeMillis
    ),
    (wall: 10_000_001 + TrustedClock.believedDowntimeMillis, isSuspect: true, now: 10_000_000),
  ])
  func aRestartNeverStartsBeforeTheRecordedTime(wall: UInt64, isSuspect: Bool, now: UInt64) {
    var clock = TrustedClock(wallMillis: wall, bootMillis: 50, notBefore: 10_000_000)
    let reading = clock.read(wallMillis: wall, bootMillis: 50)
    #expect(reading.isSuspect == isSuspect)
    #expect(reading.nowMillis == now)
  }

  @Test func withoutARecordedTimeTheWallClockIsTaken() {
    var clock = TrustedClock(wallMillis: 1_767_225_600_000, bootMillis: 50)
    #expect(!clock.read(wallMillis: 1_767_225_600_000, bootMillis: 50).isSuspect)
  }
}
