import StorageSupport
import Testing
import TokenStorage

/// A service that only validates writes no batch, and still the next start knows that it was up.
@Suite("The time of a quiet service")
struct QuietTimeTests {
  @Test("with nothing to write the time is noted once an hour, and a start goes by it")
  func noted() throws {
    let driver = JournalDriver(seed: 4)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    #expect(driver.append(commits: 1) == nil && driver.noteIdle() == nil)
    let calls = disk.callCount
    driver.nowMillis += 3_599_000
    #expect(driver.noteIdle() == nil && disk.callCount == calls)
    driver.nowMillis += 8 * 86_400_000
    let last = driver.nowMillis
    #expect(driver.noteIdle() == nil && disk.callCount == calls + 2)
    let after = disk.afterPowerCut(.loseAll)
    guard case .clean(let end) = try JournalDriver(continuing: driver).recover(after) else {
      Issue.record("the journal is not whole")
      return
    }
    #expect(end.wallMillis == last)
    let early = RecoveryOptions(nowMillis: last - 5_001)
    let refusal = Recovery.read(after, JournalDriver.root, early, commit: { _ in }).verdict.refusal
    #expect(refusal?.exitCode == 70)
    #expect(refusal?.advice.contains("--accept-earlier-clock") ?? false)
  }
}
