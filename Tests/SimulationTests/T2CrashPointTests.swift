import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// T2: a fixed scenario, crashed at every call, before, after and in the middle of it, with every
/// kind of loss.
@Suite("T2: crash points")
struct T2CrashPointTests {
  static let patterns: [LossPattern?] =
    [nil, .loseAll, .keepAll]
    + (1...TierCount.named("SIGNET_T2_LOSSES", commit: 5)).map { .random(UInt64($0)) }

  @Test(
    "T2: after a crash at any call the acknowledged commits are there",
    arguments: [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn], [false, true])
  func everyCall(_ kind: DiskFault.Kind, isRelaxed: Bool) {
    var recoveries = 0
    let calls = CrashScenario.calls(kind, isRelaxed: isRelaxed)
    for call in calls {
      let driver = JournalDriver(seed: 5)
      let disk = SimulatedDisk()
      disk.fault = DiskFault(atCall: call, kind)
      do throws(DriverFailure) {
        try CrashScenario.run(driver, disk, isRelaxed: isRelaxed)
      } catch {
        Issue.record("call \(call), \(kind): \(error)")
        continue
      }
      driver.stop()
      for pattern in Self.patterns {
        do throws(DriverFailure) {
          try Self.goOn(
            JournalDriver(continuing: driver),
            pattern.map { disk.afterPowerCut($0) } ?? disk.afterKill())
          recoveries += 2
        } catch {
          let loss = pattern.map { "\($0)" } ?? "kill"
          Issue.record("call \(call), \(kind), \(loss): \(error)")
        }
      }
    }
    print("T2 \(kind), relaxed \(isRelaxed): \(recoveries) recoveries of \(calls.count) calls")
    #expect(calls.count > 30 && recoveries == calls.count * Self.patterns.count * 2)
  }

  @Test("T2 notices a journal whose syncs do nothing", arguments: [true, false])
  func unsynced(_ isFile: Bool) {
    var lost = 0
    for call in 1...CrashScenario.callCount {
      let driver = JournalDriver(seed: 5)
      let disk = SimulatedDisk()
      (disk.ignoresFileSyncs, disk.ignoresDirectorySyncs) = (isFile, !isFile)
      disk.fault = DiskFault(atCall: call, .crashBefore)
      do throws(DriverFailure) {
        try CrashScenario.run(driver, disk)
        driver.stop()
        try Self.goOn(driver, disk.afterPowerCut(.loseAll))
      } catch {
        lost += 1
      }
    }
    #expect(lost > CrashScenario.callCount / 2)
  }

  /// The next life starts, appends, and leaves a journal that reads.
  private static func goOn(
    _ driver: JournalDriver, _ disk: SimulatedDisk
  ) throws(DriverFailure) {
    guard try driver.start(disk) else { throw DriverFailure("the next start failed") }
    if let error = driver.append(commits: 2) { throw DriverFailure("append: \(error)") }
    driver.stop()
    _ = try driver.recover(disk.afterPowerCut(.loseAll))
  }
}
