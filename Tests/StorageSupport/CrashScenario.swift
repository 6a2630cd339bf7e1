internal import LinuxIO
internal import TokenStorage

/// Creation, batches of one block and of several, the witness, rotation with and without a prepared
/// segment, the seal, and a second start.
public enum CrashScenario {
  /// How many calls it makes when nothing goes wrong.
  public static let callCount = whole.callCount
  /// The same where most batches are not synced.
  public static let relaxedCallCount = relaxedWhole.callCount
  /// Disks on which nothing went wrong.
  private static let whole = disk(isRelaxed: false)
  private static let relaxedWhole = disk(isRelaxed: true)

  /// The calls at which a crash of this kind leaves what no other one leaves.
  public static func calls(_ kind: DiskFault.Kind, isRelaxed: Bool) -> [Int] {
    let whole = isRelaxed ? relaxedWhole : whole
    return (1...whole.callCount).filter { whole.isOwnCrash(kind, atCall: $0) }
  }

  private static func disk(isRelaxed: Bool) -> SimulatedDisk {
    let disk = SimulatedDisk()
    disk.keepsTrace = true
    try? run(JournalDriver(seed: 5), disk, isRelaxed: isRelaxed)
    return disk
  }

  /// - Parameter isRelaxed: batches 1, 2, 4, 5, 7 and 8 are not synced; after 7 comes a sync.
  public static func run(
    _ driver: JournalDriver, _ disk: SimulatedDisk, isRelaxed: Bool = false
  ) throws(DriverFailure) {
    guard try started(driver, disk) else { return }
    for step in 0..<9 {
      let sync = !isRelaxed || step % 3 == 0
      if driver.append(commits: 1 + step % 3, large: step == 4, sync: sync) != nil { return }
      if step == 7, isRelaxed, driver.sync() != nil { return }
      if step == 2, driver.noteIdle() != nil { return }
      if step == 5, driver.prepare(disk) != nil { return }
    }
    if driver.seal() != nil { return }
    guard try started(driver, disk) else { return }
    for step in 0..<3 {
      if driver.append(commits: 2, large: step == 1, sync: !isRelaxed) != nil { return }
    }
  }

  private static func started(
    _ driver: JournalDriver, _ disk: SimulatedDisk
  ) throws(DriverFailure) -> Bool {
    do throws(DriverFailure) {
      return try driver.start(disk)
    } catch {
      // A call that fails on command while the disk is read is a refusal to start, as it must be.
      if disk.isCrashed || error.refusal?.reason == .unreadable { return false }
      throw error
    }
  }
}
