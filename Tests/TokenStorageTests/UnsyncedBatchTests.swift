import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// Batches that are answered before they are synced, as the relaxed policies have them.
@Suite("Unsynced batches")
struct UnsyncedBatchTests {
  private func running(segmentBytes: Int = 65_536) throws -> (JournalDriver, SimulatedDisk) {
    let driver = JournalDriver(seed: 11, segmentBytes: segmentBytes)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    return (driver, disk)
  }

  private func flags(_ disk: SimulatedDisk) throws -> [UInt8] {
    let name = try #require(disk.files.keys.filter { $0.hasPrefix("seg-") }.max())
    let bytes = try #require(disk.files[name])
    return stride(from: 4_096, to: bytes.count, by: 4_096)
      .filter { bytes[$0] != 0 }.map { bytes[$0 + 6] }
  }

  @Test("a batch says whether the one before it was synced")
  func flagged() throws {
    let (driver, disk) = try running()
    for sync in [true, false, false, true, true, false] {
      #expect(driver.append(commits: 1, sync: sync) == nil)
    }
    #expect(driver.sync() == nil && driver.append(commits: 1, sync: false) == nil)
    #expect(driver.seal() == nil)
    #expect(try flags(disk) == [0, 0, 2, 2, 0, 0, 0, 1])
  }

  @Test("a kill loses nothing that was written, a power cut nothing that was synced (etcd 14098)")
  func losses() throws {
    let (driver, disk) = try running()
    for step in 0..<6 { #expect(driver.append(commits: 1, sync: step == 2) == nil) }
    #expect(driver.durableCount == 3 && driver.acked.count == 6)
    driver.stop()
    for pattern in [LossPattern.loseAll, .keepAll] {
      let twin = JournalDriver(continuing: driver)
      _ = try twin.recover(disk.afterPowerCut(pattern))
      #expect(twin.acked.count == (pattern == .loseAll ? 3 : 6))
    }
    _ = try driver.recover(disk.afterKill())
    #expect(driver.acked.count == 6)
  }

  @Test("after a kill the start puts on the disk whatever was never synced")
  func writtenAgain() throws {
    let (driver, disk) = try running()
    for step in 0..<6 { #expect(driver.append(commits: 1, large: true, sync: step == 1) == nil) }
    // The sync fails, and the pages are clean although they are not on the disk.
    disk.fault = DiskFault(atCall: disk.callCount + 1, .error(.inputOutput))
    #expect(driver.sync() != nil)
    driver.stop()
    let next = disk.afterKill()
    #expect(try driver.start(next))
    driver.stop()
    _ = try driver.recover(next.afterPowerCut(.loseAll))
    #expect(driver.acked.count == 6)
  }

  @Test("the next segment, the witness and the seal come after a sync of what was written")
  func order() throws {
    // A simulated file keeps the name that it was made with.
    let sync = "sync prepared.tmp"
    let write = "write prepared.tmp"
    let expected = [
      "rotation": [write, sync, sync, write, sync, "write witness", "sync witness", write],
      "witness": [sync, "write witness", "sync witness"],
      "seal": [sync, write, sync, "write witness", "sync witness"],
    ]
    for (step, calls) in expected {
      let (driver, disk) = try running(segmentBytes: step == "rotation" ? 20_480 : 65_536)
      #expect(driver.append(commits: 1, large: step == "rotation", sync: false) == nil)
      disk.keepsTrace = true
      switch step {
      case "rotation": #expect(driver.append(commits: 1, large: true, sync: false) == nil)
      case "witness": #expect(driver.noteIdle() == nil)
      default: #expect(driver.seal() == nil)
      }
      let changes = disk.trace.filter { $0.hasPrefix("write") || $0.hasPrefix("sync ") }
      #expect(changes == calls, "\(step)")
    }
  }

  @Test("a flagged batch whose checksums fit and whose MAC does not is no tail")
  func forged() throws {
    var sample = try JournalSample(steps: 10, isWitnessed: false, syncs: { $0 < 8 })
    let batches = sample.batches(2)
    sample.put([0xFF, 1], in: sample.segments[2], at: batches[1].lowerBound + 70)
    var dropped = sample.read().report
    guard case .tornTail(_, let tail) = dropped.verdict else {
      Issue.record("\(dropped.verdict)")
      return
    }
    #expect(tail.unsyncedBatches == 1 && tail.range.lowerBound == batches[1].lowerBound)
    sample.editText(sample.segments[2], batches[2])
    dropped = sample.read().report
    #expect(dropped.refusal?.reason == .notAuthentic)
  }

  @Test("what a start drops is kept in a file of its own, which no start reads")
  func quarantine() throws {
    var sample = try JournalSample(steps: 10, isWitnessed: false, syncs: { $0 < 8 })
    let batches = sample.batches(2)
    sample.put([0xFF, 1], in: sample.segments[2], at: batches[1].lowerBound + 70)
    let disk = SimulatedDisk(files: sample.files)
    let driver = JournalDriver(seed: 9)
    var verdict = Recovery.read(disk, JournalDriver.root) { _ in }.verdict
    guard case .tornTail(let end, let tail) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    _ = try JournalWriter.open(
      disk, JournalDriver.root, driver.options, after: end, dropping: tail, wallMillis: 1)
    let name = try #require(disk.files.keys.first { $0.hasPrefix("quarantine-") })
    #expect(disk.files[name] == sample.bytes(tail.range, of: tail.file))
    let report = Recovery.read(disk, JournalDriver.root) { _ in }
    verdict = report.verdict
    guard case .clean = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(report.notes.isEmpty)
  }

  @Test("a journal may begin after a snapshot's position")
  func beginsLater() throws {
    let disk = SimulatedDisk()
    let driver = JournalDriver(seed: 12)
    var writer = try JournalWriter.create(
      disk, JournalDriver.root, driver.options, after: 41, wallMillis: 1)
    var batch = CommitBatch()
    batch.add([.tokenRevoked(1)], at: 42)
    #expect(try writer.append(batch, wallMillis: 1) == 42)
    var found: [UInt64] = []
    let options = RecoveryOptions(snapshotPosition: 41)
    let report = Recovery.read(disk, JournalDriver.root, options) { found.append($0.position) }
    #expect(report.refusal == nil && found == [42])
    // Without the snapshot there is no beginning.
    #expect(Recovery.read(disk, JournalDriver.root) { _ in }.refusal?.exitCode == 65)
  }
}
