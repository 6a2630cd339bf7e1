import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// T5: files missing, doubled, swapped, cut, foreign, of another time. Row by row of the decision
/// table in proto-spec/journal.md.
@Suite("T5: file-level damage")
struct T5FileDamageTests {
  @Test("T5: damage to whole files and blocks", arguments: FileDamage.all)
  func damage(_ damage: FileDamage) throws {
    // One batch less leaves a block after the seal.
    var sample = try JournalSample(
      steps: damage.isSealed ? 9 : 10, isWitnessed: damage.isWitnessed, isSealed: damage.isSealed)
    let commits = sample.commits
    try damage.perform(&sample)
    let disk = SimulatedDisk(files: sample.files)
    disk.keepsTrace = true
    let (report, found) = JournalSample.read(disk, RecoveryOptions(nowMillis: sample.nowMillis))
    switch damage.expected {
    case .refused(let reason):
      #expect(report.refusal?.reason == reason, "\(damage): \(report.verdict)")
      #expect(report.refusal.map { !$0.file.isEmpty && !$0.advice.isEmpty } ?? true)
    case .same:
      #expect(report.refusal == nil && found == commits, "\(damage): \(report.verdict)")
    case .withoutLastBatch:
      #expect(report.refusal == nil && found.count < commits.count, "\(damage)")
      #expect(found == Array(commits.prefix(found.count)))
    }
    #expect(disk.files == sample.files, "\(damage): the directory was touched")
    let changes = disk.trace.filter { call in
      !["list", "open", "read", "size"].contains { call.hasPrefix($0) }
    }
    #expect(changes.isEmpty)
  }

  @Test(
    "T5: a segment that ends exactly between two batches, with one after it (RocksDB 6.14.6)",
    arguments: [0, 1])
  func seam(_ segment: Int) throws {
    let whole = try JournalSample()
    let batches = whole.batches(segment)
    #expect(batches.count > 1)
    for border in batches.map(\.lowerBound) {
      for isZeroed in [true, false] {
        var sample = whole
        let name = sample.segments[segment]
        if isZeroed {
          sample.zero(border..<batches[batches.count - 1].upperBound, of: name)
        } else {
          sample.cut(name, to: border)
        }
        let (report, _) = JournalSample.read(
          SimulatedDisk(files: sample.files), RecoveryOptions(nowMillis: sample.nowMillis))
        #expect(report.refusal?.reason == .damaged, "\(border), zeroed \(isZeroed)")
      }
    }
  }

  @Test("T5: another root key is refused with its own exit code")
  func wrongRootKey() throws {
    let sample = try JournalSample()
    let other = try #require(RootKey(copying: [UInt8](repeating: 7, count: 32)))
    let report = Recovery.read(SimulatedDisk(files: sample.files), other) { _ in }
    #expect(report.refusal?.exitCode == 66)
  }

  @Test("T5: a journal without a root key is refused with its own exit code")
  func missingRootKey() throws {
    let sample = try JournalSample()
    let refusal = Recovery.refusalWithoutRootKey(SimulatedDisk(files: sample.files))
    #expect(refusal?.exitCode == 67)
    #expect(Recovery.refusalWithoutRootKey(SimulatedDisk()) == nil)
  }

  @Test("T5: a clock before the last batch is refused unless accepted")
  func clockBehind() throws {
    let sample = try JournalSample()
    var options = RecoveryOptions(nowMillis: sample.nowMillis - 6_000)
    #expect(sample.read(options).report.refusal?.exitCode == 70)
    options.acceptsEarlierClock = true
    #expect(sample.read(options).report.refusal == nil)
    #expect(sample.read(RecoveryOptions(nowMillis: sample.nowMillis - 4_000)).report.refusal == nil)
  }

  @Test("T5: a medium error while reading is refused with its own exit code")
  func mediumError() throws {
    let sample = try JournalSample()
    let whole = SimulatedDisk(files: sample.files)
    _ = JournalSample.read(whole)
    for call in 1...whole.callCount {
      let disk = SimulatedDisk(files: sample.files)
      disk.fault = DiskFault(atCall: call, .error(.inputOutput))
      #expect(JournalSample.read(disk).report.refusal?.exitCode == 69, "call \(call)")
    }
  }

  @Test("T5: a snapshot stands for the segments before it, and never for more than the journal has")
  func snapshotPositions() throws {
    var sample = try JournalSample()
    let last = UInt64(sample.commits.count)
    #expect(sample.read(RecoveryOptions(snapshotPosition: last)).commits.isEmpty)
    #expect(sample.read(RecoveryOptions(snapshotPosition: last)).report.refusal == nil)
    #expect(
      sample.read(RecoveryOptions(snapshotPosition: last + 1)).report.refusal?.exitCode == 65)
    let first = try #require(sample.read().report.segments.first)
    sample.files[sample.segments[0]] = nil
    let kept = sample.read(RecoveryOptions(snapshotPosition: first.lastPosition))
    #expect(kept.report.refusal == nil)
    #expect(kept.commits == sample.commits.filter { $0.position > first.lastPosition })
    #expect(
      sample.read(RecoveryOptions(snapshotPosition: first.lastPosition - 1)).report.refusal?
        .exitCode == 65)
  }

  @Test("T5: the offline check tells the same in words")
  func verification() throws {
    var sample = try JournalSample()
    let good = JournalVerification(SimulatedDisk(files: sample.files), JournalDriver.root)
    #expect(good.exitCode == 0 && good.files.count == 5)
    #expect(good.verdictText.hasPrefix("whole: \(sample.commits.count) commits"))
    sample.files[sample.segments[1]] = nil
    let bad = JournalVerification(SimulatedDisk(files: sample.files), JournalDriver.root)
    #expect(bad.exitCode == 65)
    #expect(bad.verdictText.contains(sample.segments[2]))
  }
}
