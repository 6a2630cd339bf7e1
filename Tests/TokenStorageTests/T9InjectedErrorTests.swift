import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// T9: the nth call fails, for every n of the scenario. Nothing is acknowledged after it, and the
/// next start, with or without a power cut in between, has everything that was.
@Suite("T9: injected errors")
struct T9InjectedErrorTests {
  @Test(
    "T9: error at every call",
    arguments: [Errno.inputOutput, .noSpace, .quotaExceeded, .readOnlyFileSystem, .fileTooLarge])
  func everyCall(_ errno: Errno) { loop(.error(errno), isRelaxed: false) }

  @Test("T9: error at every call where most batches are not synced")
  func relaxed() { loop(.error(.inputOutput), isRelaxed: true) }

  @Test("T9: a short write at every call is completed")
  func shortWrites() { loop(.shortWrite, isRelaxed: false) }

  private func loop(_ kind: DiskFault.Kind, isRelaxed: Bool) {
    let patterns: [LossPattern?] = [nil, .loseAll, .keepAll, .random(8)]
    let calls = isRelaxed ? CrashScenario.relaxedCallCount : CrashScenario.callCount
    for call in 1...calls {
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
      for pattern in patterns {
        do throws(DriverFailure) {
          let driver = JournalDriver(continuing: driver)
          let next = pattern.map { disk.afterPowerCut($0) } ?? disk.afterKill()
          guard try driver.start(next) else { throw DriverFailure("the next start failed") }
          if let error = driver.append(commits: 1) { throw DriverFailure("append: \(error)") }
          driver.stop()
          _ = try driver.recover(next.afterPowerCut(.loseAll))
        } catch {
          Issue.record("call \(call), \(kind), \(pattern.map { "\($0)" } ?? "kill"): \(error)")
        }
      }
    }
    print("T9 \(kind), relaxed \(isRelaxed): \(calls * patterns.count) cases, \(calls) calls")
  }

  @Test(
    "T9: a failed sync is never asked for again, and the lie it leaves costs nothing (PostgreSQL)")
  func syncIsNotRetried() throws {
    let driver = JournalDriver(seed: 6)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    #expect(driver.append(commits: 1) == nil)
    // The next calls are a write and its sync.
    disk.fault = DiskFault(atCall: disk.callCount + 2, .error(.inputOutput))
    let error = driver.append(commits: 1)
    guard case .failed(let cause) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.call == "sync")
    let calls = disk.callCount
    #expect(driver.append(commits: 1) == error && driver.noteIdle() == error)
    #expect(disk.callCount == calls)
    driver.stop()
    // The cache still shows the batch. It is accepted, and so must be on the medium afterwards.
    let next = disk.afterKill()
    #expect(try driver.start(next))
    let accepted = driver.acked.count
    driver.stop()
    _ = try driver.recover(next.afterPowerCut(.loseAll))
    #expect(driver.acked.count == accepted)
  }
}
