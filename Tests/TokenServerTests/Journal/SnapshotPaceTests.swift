import LinuxIO
import Testing

@testable import TokenServer

/// How a snapshot's thread shares its processor. Measured in its own processor time, which passes
/// only while it works.
@Suite struct SnapshotPaceTests {
  private func work(millis: UInt64) {
    let began = SystemClock.threadCPUNanos()
    while SystemClock.threadCPUNanos() - began < millis * 1_000_000 {}
  }

  @Test func restsAsLongAsItWorked() {
    var pace = SnapshotPace(attempts: 0)
    work(millis: 3)
    let rest = pace.restMillis()
    #expect(rest >= 3 && rest <= Int32(JournalLimits.snapshotRestMillisMax))
    // It was rested: what counts begins anew.
    work(millis: 2)
    #expect(pace.restMillis() >= 2)
  }

  @Test func noRestIsLongerThanTheLimit() {
    var pace = SnapshotPace(attempts: 0)
    work(millis: UInt64(JournalLimits.snapshotRestMillisMax) + 2)
    #expect(pace.restMillis() == Int32(JournalLimits.snapshotRestMillisMax))
  }

  @Test func whatIsBegunAgainDoesNotRest() {
    var pace = SnapshotPace(attempts: 1)
    work(millis: 3)
    #expect(pace.restMillis() == 0)
  }
}
