import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

/// T2 for snapshots: writing, publishing and retiring, crashed at every call.
@Suite("T2: crash points of a snapshot")
struct T2SnapshotCrashTests {
  @Test(
    "T2: after a crash at any call of a snapshot the state is there",
    arguments: [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn])
  func everyCall(_ kind: DiskFault.Kind) throws {
    let rig = try SnapshotRig.directory(seed: 5)
    let files = rig.disk.files
    let image = StateImage(rig.service.state)
    let calls = try Self.calls(rig, files, kind)
    var recoveries = 0
    for call in calls {
      let disk = SimulatedDisk(files: files)
      disk.fault = DiskFault(atCall: call, kind)
      do {
        try rig.snapshot(on: disk)
        // A call that only reads has no "after".
        if kind != .crashAfter { Issue.record("call \(call) did not crash") }
      } catch is SnapshotError {}
      for pattern in [nil, LossPattern.loseAll, .random(UInt64(call))] {
        let found = pattern.map { disk.afterPowerCut($0) } ?? disk.afterKill()
        let (report, restored) = SnapshotRig.restore(found)
        #expect(restored == image, "call \(call), \(kind): \(report.verdict) \(report.notes)")
        #expect(report.notes.isEmpty)
        recoveries += 1
      }
    }
    print("T2 snapshot \(kind): \(recoveries) recoveries of \(calls.count) calls")
    #expect(calls.count > (kind == .crashTorn ? 0 : 20) && recoveries == 3 * calls.count)
  }

  @Test("T2 notices a snapshot that is named before it is synced")
  func unsynced() throws {
    let rig = try SnapshotRig.directory(seed: 5)
    let files = rig.disk.files
    let disk = SimulatedDisk(files: files)
    disk.ignoresFileSyncs = true
    try rig.snapshot(on: disk)
    let report = SnapshotRig.restore(disk.afterPowerCut(.loseAll)).report
    #expect(report.distrustedSnapshots.count == 1)
  }

  private static func calls(
    _ rig: SnapshotRig, _ files: [String: [UInt8]], _ kind: DiskFault.Kind
  ) throws -> [Int] {
    let disk = SimulatedDisk(files: files)
    disk.keepsTrace = true
    let (_, removed) = try rig.snapshot(on: disk)
    #expect(removed.count > 2 && removed.contains { $0.hasPrefix("seg-") })
    return (1...disk.callCount).filter { disk.isOwnCrash(kind, atCall: $0) }
  }
}
