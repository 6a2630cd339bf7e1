import LinuxIO
import StorageSupport
import TokenStorage

/// One seed: a few lives of a journal, each ended by a stop, a kill, a failed call or a power cut.
struct Simulation {
  struct Counts {
    var lives = 0, appends = 0, tornTails = 0, failures = 0, full = 0, inReserve = 0
    var unsynced = 0, tailsOfSeveral = 0
  }

  private let seed: UInt64
  private var random: SplitMix64
  private let driver: JournalDriver
  private var disk = SimulatedDisk()
  /// Most batches are not synced by themselves.
  private let isRelaxed: Bool

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix64(seed &* 7_919)
    isRelaxed = seed % 4 >= 2
    let sizes = [16_384, 20_480, 32_768]
    driver = JournalDriver(
      seed: seed, segmentBytes: sizes[Int(seed % 3)], reserveBytes: seed % 2 == 0 ? 0 : 16_384)
  }

  /// Runs it and returns what is on the disk at the end.
  @discardableResult
  consuming func run(_ counts: inout Counts) throws(DriverFailure) -> [String: [UInt8]] {
    for _ in 0..<(2 + random.below(4)) {
      try live(&counts)
      counts.lives += 1
      end()
    }
    if case .tornTail = try driver.recover(disk) { counts.tornTails += 1 }
    return disk.files
  }

  private mutating func live(_ counts: inout Counts) throws(DriverFailure) {
    disk.fault = nextFault()
    do throws(DriverFailure) {
      guard try driver.start(disk) else {
        counts.failures += 1
        return
      }
    } catch {
      // A call that failed while reading is a refusal of its own kind; nothing else may refuse.
      guard error.refusal?.reason == .unreadable, disk.fault != nil else { throw error }
      counts.failures += 1
      return
    }
    if case .tornTail(_, let tail) = driver.report?.verdict {
      counts.tornTails += 1
      if tail.unsyncedBatches > 0 { counts.tailsOfSeveral += 1 }
    }
    if random.below(2) == 0 {
      let call = disk.callCount + 1 + random.below(40)
      disk.fault = DiskFault(atCall: call, [.crashBefore, .crashTorn][random.below(2)])
    }
    for _ in 0..<random.below(25) {
      guard let error = step(&counts) else { continue }
      if case .failed = error {
        counts.failures += 1
        return try checkStopped(error)
      }
      counts.full += 1
    }
    if random.below(5) == 0 { _ = driver.seal() }
  }

  private mutating func step(_ counts: inout Counts) -> JournalError? {
    switch random.below(isRelaxed ? 12 : 10) {
    case 0: return driver.noteIdle()
    case 10, 11: return driver.sync()
    case 1: return driver.prepare(disk)
    case 2: return driver.restoreReserve()
    default:
      let count = 1 + random.below(4)
      let isLarge = random.below(3) == 0
      let sync = !isRelaxed || random.below(5) == 0
      var error = driver.append(commits: count, large: isLarge, sync: sync)
      if error == .diskFull { error = driver.append(commits: 1, .denials, sync: sync) }
      if error == nil { counts.appends += 1 }
      if !sync { counts.unsynced += 1 }
      if driver.isInReserve { counts.inReserve += 1 }
      return error
    }
  }

  /// After a failure nothing more is written and nothing is acknowledged.
  private func checkStopped(_ error: JournalError) throws(DriverFailure) {
    let calls = disk.callCount
    let before = driver.acked.count
    let again = driver.noteIdle()
    guard again == error, disk.callCount == calls, driver.acked.count == before else {
      throw DriverFailure("the journal went on after \(error)")
    }
  }

  private mutating func end() {
    driver.stop()
    switch random.below(4) {
    case 0: disk = disk.afterKill()
    case 1: disk = disk.afterPowerCut(random.below(2) == 0 ? .loseAll : .keepAll)
    default: disk = disk.afterPowerCut(.random(random.next()))
    }
    disk.capacityBytes = random.below(4) == 0 ? 60_000 : nil
  }

  private mutating func nextFault() -> DiskFault? {
    let call = 1 + random.below(150)
    switch random.below(8) {
    case 0: return DiskFault(atCall: call, .crashBefore)
    case 1: return DiskFault(atCall: call, .crashAfter)
    case 2, 3: return DiskFault(atCall: call, .crashTorn)
    case 4: return DiskFault(atCall: call, .error(.inputOutput))
    case 5: return DiskFault(atCall: call, .error(.noSpace), count: 1 + random.below(20))
    case 6: return DiskFault(atCall: call, .shortWrite, count: 1 + random.below(9))
    default: return nil
    }
  }
}
