import LinuxIO
import Testing

@testable import TokenServer

/// How a thread in the background shares its processor. Measured in its own processor time, which
/// passes only while it works.
@Suite struct BackgroundPaceTests {
  private func work(millis: UInt64) {
    let began = SystemClock.threadCPUNanos()
    while SystemClock.threadCPUNanos() - began < millis * 1_000_000 {}
  }

  @Test func restsTwiceAsLongAsItWorked() {
    var pace = BackgroundPace()
    work(millis: 3)
    let rest = pace.restMicros()
    #expect(rest >= 6_000 && rest <= BackgroundPace.restMicrosMax)
    // It was rested: what counts begins anew.
    work(millis: 2)
    #expect(pace.restMicros() >= 4_000)
  }

  @Test func noRestIsLongerThanTheLimit() {
    var pace = BackgroundPace()
    work(millis: BackgroundPace.restMicrosMax / 2_000 + 2)
    #expect(pace.restMicros() == BackgroundPace.restMicrosMax)
  }
}
