import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

@Suite("Snapshots: publishing")
struct SnapshotPublishTests {
  @Test("a snapshot that was published is there after a power cut (Redis 10737)")
  func durable() throws {
    let rig = try SnapshotRig(seed: 8)
    try rig.commit(60)
    let (name, removed) = try rig.snapshot()
    #expect(removed.isEmpty)
    let (report, image) = SnapshotRig.restore(rig.disk.afterPowerCut(.loseAll))
    #expect(report.snapshot?.file == name && report.notes.isEmpty)
    #expect(image?.difference(from: StateImage(rig.service.state)) == "nothing")
  }

  @Test("a snapshot of what the journal may lose is not published")
  func beforeReleased() async {
    await #expect(processExitsWith: .failure) {
      let rig = try SnapshotRig(seed: 8)
      try rig.commit(30)
      let written = try rig.snapshotWriter().write(rig.service.cut(), wallMillis: 1)
      try rig.snapshotWriter().publish(written, released: rig.acked - 1)
    }
  }

  @Test("the last block of another snapshot is refused, also under the same key")
  func foreignFooter() throws {
    let rig = try SnapshotRig(seed: 8)
    try rig.commit(30)
    // One acknowledged position, so one nonce; the headers tell different times.
    let files = try [5, 6].map { (wallMillis: UInt64) in
      let disk = SimulatedDisk()
      _ = try rig.snapshotWriter(disk).write(rig.service.cut(), wallMillis: wallMillis)
      return try #require(disk.files["snap.tmp"])
    }
    #expect(files[0].count == files[1].count && files[0] != files[1])
    let spliced = files[0].dropLast(4_096) + files[1].suffix(4_096)
    let disk = SimulatedDisk(files: ["snap.tmp": files[0]])
    #expect(SnapshotLoad.fault(disk, "snap.tmp", rig) == nil)
    disk.files = ["snap.tmp": Array(spliced)]
    #expect(SnapshotLoad.fault(disk, "snap.tmp", rig)?.exitCode == 65)
  }
}
