internal import LinuxIO
internal import TokenStorage

/// Creation, batches of one block and of several, the witness, rotation with and without a prepared
/// segment, the seal, and a second start.
public enum CrashScenario {
  /// How many calls it makes when nothing goes wrong.
  public static let callCount: Int = {
    let disk = SimulatedDisk()
    let driver = JournalDriver(seed: 5)
    try? run(driver, disk)
    return disk.callCount
  }()

  public static func run(_ driver: JournalDriver, _ disk: SimulatedDisk) throws(DriverFailure) {
    guard try started(driver, disk) else { return }
    for step in 0..<9 {
      if driver.append(commits: 1 + step % 3, large: step == 4) != nil { return }
      if step == 2, driver.noteIdle() != nil { return }
      if step == 5, driver.prepare(disk) != nil { return }
    }
    if driver.seal() != nil { return }
    guard try started(driver, disk) else { return }
    for _ in 0..<3 {
      if driver.append(commits: 2) != nil { return }
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
