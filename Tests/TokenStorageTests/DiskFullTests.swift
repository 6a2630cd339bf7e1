import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// A full disk: denials go on in the reserve, everything else waits, and nothing needs a restart.
@Suite("Disk full")
struct DiskFullTests {
  private static let capacity = 24_576 + 32_768 + 8_192 + 4_096

  /// A disk with room for one segment and the reserve, filled until nothing more is granted.
  private func full() throws -> (JournalDriver, SimulatedDisk) {
    let driver = JournalDriver(seed: 3, reserveBytes: 32_768)
    let disk = SimulatedDisk()
    disk.capacityBytes = Self.capacity
    #expect(try driver.start(disk))
    for _ in 0..<4 { #expect(driver.append(commits: 1) == nil) }
    #expect(driver.append(commits: 1) == .diskFull)
    return (driver, disk)
  }

  @Test("denials are durable in the reserve while anything else is refused")
  func reserve() throws {
    let (driver, disk) = try full()
    #expect(driver.append(commits: 1, .denials) == nil && driver.isInReserve)
    #expect(driver.append(commits: 1) == .diskFull)
    for _ in 0..<4 { #expect(driver.append(commits: 2, .denials) == nil) }
    driver.stop()
    _ = try driver.recover(disk.afterPowerCut(.loseAll))
    #expect(driver.acked.count == 4 + 1 + 8)
  }

  @Test("a spent reserve refuses without touching what is there")
  func spent() throws {
    let (driver, disk) = try full()
    var appended = 0
    while driver.append(commits: 1, .denials) == nil { appended += 1 }
    #expect(appended == 6)
    let files = disk.files
    #expect(driver.append(commits: 1, .denials) == .diskFull)
    #expect(disk.files == files)
    driver.stop()
    _ = try driver.recover(disk.afterPowerCut(.loseAll))
  }

  @Test("when there is room again the journal goes on, and the reserve is made anew")
  func roomAgain() throws {
    let (driver, disk) = try full()
    for _ in 0..<3 { #expect(driver.append(commits: 1, .denials) == nil) }
    disk.capacityBytes = nil
    #expect(driver.prepare(disk) == nil)
    #expect(driver.append(commits: 1) == nil && !driver.isInReserve)
    #expect(disk.files["reserve.j"] == nil)
    #expect(driver.restoreReserve() == nil)
    #expect(disk.files["reserve.j"]?.count == 32_768)
    driver.stop()
    let next = disk.afterPowerCut(.loseAll)
    #expect(try driver.start(next))
    #expect(driver.append(commits: 1) == nil)
  }

  @Test("a start on a full disk takes denials in the reserve")
  func start() throws {
    let (driver, disk) = try full()
    driver.stop()
    let next = disk.afterPowerCut(.loseAll)
    #expect(try driver.start(next))
    #expect(driver.append(commits: 1) == .diskFull)
    #expect(driver.append(commits: 1, .denials) == nil && driver.isInReserve)
    driver.stop()
    // And again: the reserve is the last segment now, and there is nowhere else.
    let third = next.afterPowerCut(.loseAll)
    #expect(try driver.start(third))
    #expect(driver.append(commits: 1, .denials) == .diskFull)
    driver.stop()
    third.capacityBytes = nil
    let fourth = third.afterPowerCut(.loseAll)
    fourth.capacityBytes = nil
    #expect(try driver.start(fourth))
    #expect(driver.append(commits: 3) == nil && !driver.isInReserve)
    // The used one is a segment now, and there is a new one.
    #expect(fourth.files["reserve.j"] == [UInt8](repeating: 0, count: 32_768))
  }

  @Test("a crash at any call around the reserve loses nothing")
  func crashes() throws {
    for kind in [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn] {
      for step in 1...60 {
        let (driver, disk) = try full()
        disk.fault = DiskFault(atCall: disk.callCount + step, kind)
        for round in 0..<6 {
          if round == 3 { disk.capacityBytes = nil }
          if round == 3, driver.prepare(disk) != nil { break }
          if round == 4, driver.restoreReserve() != nil { break }
          if driver.append(commits: 1, round < 3 ? .denials : .any) != nil { break }
        }
        driver.stop()
        for pattern in [LossPattern.loseAll, .keepAll, .random(UInt64(step))] {
          let twin = JournalDriver(continuing: driver)
          let next = disk.afterPowerCut(pattern)
          next.capacityBytes = nil
          do throws(DriverFailure) {
            guard try twin.start(next) else { throw DriverFailure("the start failed") }
            if let error = twin.append(commits: 1) { throw DriverFailure("\(error)") }
            twin.stop()
            _ = try twin.recover(next.afterPowerCut(.loseAll))
          } catch {
            Issue.record("\(kind) at call \(step) of the reserve, \(pattern): \(error)")
          }
        }
      }
    }
  }
}
