import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

@Suite("Snapshots: round trip")
struct SnapshotRoundTripTests {
  @Test("snapshot and journal after it give the very state, and old segments are gone")
  func roundTrip() throws {
    for seed in UInt64(0)..<6 {
      let rig = try SnapshotRig.directory(seed: seed, snapshots: 3)
      let segments = rig.disk.files.keys.filter { $0.hasPrefix("seg-") }.sorted()
      #expect(rig.disk.files.keys.filter { $0.hasPrefix("snap-") }.count == 2)
      #expect(segments.first != "seg-0000000000000001" && segments.count > 1)
      let disk = rig.disk.afterPowerCut(.loseAll)
      let (report, image) = SnapshotRig.restore(disk)
      #expect(image == StateImage(rig.service.state), "seed \(seed): \(report.verdict)")
      #expect(image?.position == rig.acked)
      #expect(report.snapshot?.position ?? 0 > 0 && report.notes.isEmpty)
      #expect(JournalVerification(disk, JournalDriver.root).exitCode == 0)
      #expect(disk.files == rig.disk.files)
    }
  }

  @Test("a position that no record tells of comes back from the snapshot")
  func position() throws {
    let rig = try SnapshotRig.directory(snapshots: 1)
    rig.service.state.apply([], at: rig.service.state.position + 1)
    let position = rig.service.state.position
    let cut = rig.service.cut()
    let writer = rig.snapshotWriter()
    let written = try writer.write(cut, wallMillis: 5)
    try writer.publishAlone(written)
    let memory = StateMemory()
    let summary = try SnapshotLoad.load(rig, written.name, into: memory)
    #expect(summary.position == position && memory.state(summary.position).position == position)
    #expect(summary.wallMillis == 5)
  }

  @Test("larger tables load it, and what they save loads into the old ones again")
  func larger() throws {
    let rig = try SnapshotRig.directory()
    var sizes = TableSizes.small
    (sizes.tokens, sizes.grants, sizes.apps, sizes.scopeSets) = (100_000, 9_000, 500, 4_000)
    let memory = StateMemory(sizes)
    var restored = Recovery.restore(rig.disk, JournalDriver.root, into: memory.arena) {
      memory.state($0)
    }
    guard let state = restored.takeState() else {
      Issue.record("\(restored.report.verdict)")
      return
    }
    let live = [state.usage.map { $0.live }, rig.service.state.usage.map { $0.live }]
    #expect(live[0] == live[1])
    let verdicts = rig.service.verdicts(of: state)
    #expect(verdicts == rig.service.verdicts)
    let keys = [state.signingKeys, rig.service.state.signingKeys]
    #expect(keys[0] == keys[1])
    let cut = try SnapshotRig.cut(state)
    let disk = SimulatedDisk(files: rig.disk.files)
    let writer = rig.snapshotWriter(disk)
    try writer.publish(writer.write(cut, wallMillis: 9), released: rig.acked)
    let (report, image) = SnapshotRig.restore(disk)
    #expect(report.snapshot?.position == rig.acked)
    #expect(image == StateImage(rig.service.state))
  }

  @Test("rows in whole cache lines, as version 1 had them, load into packed ones")
  func wideRows() throws {
    let (rig, disk, _) = try Self.wide()
    let (report, image) = SnapshotRig.restore(disk)
    #expect(report.snapshot?.position == rig.acked, "\(report.verdict)")
    #expect(image == StateImage(rig.service.state))
    // The other way round: whoever knows whole lines alone refuses, and says what is needed.
    try rig.snapshot()
    let refused = SnapshotRig.restore(rig.disk, TableSizes.small.arenaLimits.inWholeLines)
    guard case .refused(let refusal) = refused.report.verdict else {
      Issue.record("\(refused.report.verdict)")
      return
    }
    #expect(refusal.reason == .newerFormat && refusal.advice.contains("the version that wrote it"))
  }

  @Test("rows in whole cache lines that go bad on the way leave the arena empty")
  func wideRowsThatEndEarly() throws {
    let (rig, disk, name) = try Self.wide()
    var files = disk.files
    // The last page's frame, behind those with rows.
    let place = try #require(files[name]).count - 4_096 - 1
    files[name]?[place] ^= 1
    let memory = StateMemory()
    #expect(throws: RecoveryRefusal.self) {
      _ = try SnapshotLoad.load(rig, name, into: memory, on: SimulatedDisk(files: files))
    }
    let state = memory.state()
    let live = state.usage.map { $0.live }
    #expect(live.allSatisfy { $0 == 0 } && state.position == 0)
  }

  /// A rig, and its disk with a snapshot of its state in rows of whole cache lines.
  private static func wide() throws -> (rig: SnapshotRig, disk: SimulatedDisk, name: String) {
    let rig = try SnapshotRig(seed: 5)
    try rig.commit(300)
    let memory = StateMemory(TableSizes.small.arenaLimits.inWholeLines)
    var restored = Recovery.restore(rig.disk, JournalDriver.root, into: memory.arena) {
      memory.state($0)
    }
    guard let state = restored.takeState() else {
      throw DriverFailure("\(restored.report.verdict)")
    }
    let cut = try SnapshotRig.cut(state)
    let disk = SimulatedDisk(files: rig.disk.files)
    let writer = rig.snapshotWriter(disk)
    let written = try writer.write(cut, wallMillis: 9)
    try writer.publish(written, released: rig.acked)
    let version = try #require(disk.files[written.name])[80..<84]
    #expect(Array(version) == [1, 0, 0, 0])
    return (rig, disk, written.name)
  }

  @Test("a table smaller than what it holds is refused, and the setting is named")
  func smaller() throws {
    let rig = try SnapshotRig.directory()
    let live = rig.service.state.tableUse[0].highWater
    let saved = try #require(SnapshotRig.restore(rig.disk).report.snapshot).tables[0].highWater
    #expect(saved > 0 && saved < live)
    var sizes = TableSizes.small
    // Too small for the snapshot; for the journal after it; large enough, if smaller than before.
    for (tokens, isEnough) in [(saved - 1, false), (live - 1, false), (live, true)] {
      sizes.tokens = tokens
      let (report, image) = SnapshotRig.restore(rig.disk, sizes)
      #expect((image != nil) == isEnough, "\(tokens): \(report.verdict)")
      guard case .refused(let refusal) = report.verdict else { continue }
      #expect(refusal.exitCode == 78 && refusal.advice.contains("max-tokens"))
    }
  }

  @Test("progress ends at all pages, and may stop a snapshot")
  func progress() throws {
    let rig = try SnapshotRig.directory()
    let cut = rig.service.cut()
    var last = (0, 0)
    _ = try rig.snapshotWriter().write(cut, wallMillis: 1) { done, all in
      last = (done, all)
      return true
    }
    #expect(last == (2 * cut.pages.count, 2 * cut.pages.count))
    // Written, and not yet read back: it may be stopped there, too.
    let third = rig.service.cut()
    #expect(throws: SnapshotError.stopped) {
      try rig.snapshotWriter().write(third, wallMillis: 1) { done, _ in
        done <= third.pages.count
      }
    }
    let other = rig.service.cut()
    #expect(throws: SnapshotError.stopped) {
      try rig.snapshotWriter().write(other, wallMillis: 1) { _, _ in false }
    }
    #expect(rig.disk.files["snap.tmp"] == nil)
  }

  @Test("a full disk and a failing one are errors, and everything stays as it was (Redis 1604)")
  func failing() throws {
    let rig = try SnapshotRig.directory()
    let before = rig.disk.files
    let cut = rig.service.cut()
    rig.disk.capacityBytes = before.values.reduce(0) { $0 + $1.count } + 50_000
    #expect(throws: SnapshotError.diskFull) {
      try rig.snapshotWriter().write(cut, wallMillis: 1)
    }
    rig.disk.capacityBytes = nil
    #expect(rig.disk.files == before)
    let calls = rig.disk.callCount
    for call in 1...4 {
      let cut = rig.service.cut()
      rig.disk.fault = DiskFault(atCall: rig.disk.callCount + call, .error(.inputOutput))
      #expect(throws: SnapshotError.self, "call \(calls + call)") {
        try rig.snapshotWriter().write(cut, wallMillis: 1)
      }
      rig.disk.fault = nil
      #expect(rig.disk.files == before)
    }
  }
}
