import Testing

@testable import signetbench

@Suite struct ArrivalScheduleTests {
  @Test func requestsAreDueAtEvenTimesWithoutDrift() {
    var schedule = ArrivalSchedule(startNanos: 1_000, perSecond: 3)
    let due = (0..<7).map { _ in schedule.take(now: .max)! - 1_000 }
    #expect(
      due == [
        0, 333_333_333, 666_666_666, 1_000_000_000, 1_333_333_333, 1_666_666_666, 2_000_000_000,
      ])
  }

  @Test func nothingIsDueBeforeItsTime() {
    var schedule = ArrivalSchedule(startNanos: 100, perSecond: 1_000_000)
    #expect(schedule.take(now: 99) == nil)
    #expect(schedule.take(now: 100) == 100)
    #expect(schedule.take(now: 1_099) == nil)
    #expect(schedule.take(now: 1_100) == 1_100)
  }

  @Test func aLateClientStaysBehindAndKeepsTheIntendedStarts() {
    var schedule = ArrivalSchedule(startNanos: 0, perSecond: 1_000)
    // The client was away for 10 ms: eleven requests are due, each at its own time.
    var due: [UInt64] = []
    while let start = schedule.take(now: 10_000_000) { due.append(start) }
    #expect(due == (0...10).map { UInt64($0) * 1_000_000 })
    #expect(schedule.taken == 11)
  }
}
