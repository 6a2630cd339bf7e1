import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

/// T1 with snapshots: lives of a service, each ended by a crash, often in the middle of a snapshot.
@Suite("T1: seeds with snapshots")
struct T1SnapshotSeedTests {
  @Test("T1: snapshots, crashes and power cuts lose nothing acknowledged", arguments: 0..<4)
  func seeds(_ part: Int) {
    var counts = (lives: 0, published: 0, crashed: 0, retired: 0)
    for seed in stride(from: UInt64(part), to: 40, by: 4) {
      do {
        var random = SplitMix64(seed &* 101)
        let rig = try SnapshotRig(seed: seed, segmentBytes: [24_576, 40_960][Int(seed % 2)])
        for _ in 0..<4 {
          try live(rig, &random, &counts)
          counts.lives += 1
        }
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
    print("T1 snapshots part \(part): \(counts)")
    #expect(counts.published > 10 && counts.crashed > 10 && counts.retired > 0)
  }

  private func live(
    _ rig: SnapshotRig, _ random: inout SplitMix64,
    _ counts: inout (lives: Int, published: Int, crashed: Int, retired: Int)
  ) throws {
    for _ in 0..<(1 + random.below(3)) {
      try rig.commit(20 + random.below(60), batch: 1 + random.below(4))
      let crashes = random.below(2) == 0
      if crashes {
        let kinds: [DiskFault.Kind] = [.crashBefore, .crashAfter, .crashTorn]
        rig.disk.fault = DiskFault(
          atCall: rig.disk.callCount + 1 + random.below(30), kinds[random.below(3)])
      }
      do {
        let (_, removed) = try rig.snapshot()
        counts.published += 1
        counts.retired += removed.filter { $0.hasPrefix("seg-") }.count
      } catch is SnapshotError where rig.disk.isCrashed {
        counts.crashed += 1
        break
      }
      rig.disk.fault = nil
    }
    if !rig.disk.isCrashed, random.below(2) == 0 {
      rig.disk.fault = DiskFault(atCall: rig.disk.callCount + 1 + random.below(20), .crashTorn)
      do {
        try rig.commit(30)
      } catch is JournalError {}
    }
    let after: SimulatedDisk
    switch random.below(4) {
    case 0: after = rig.disk.afterKill()
    case 1: after = rig.disk.afterPowerCut(.keepAll)
    case 2: after = rig.disk.afterPowerCut(.loseAll)
    default: after = rig.disk.afterPowerCut(.random(random.next()))
    }
    try rig.restart(on: after)
  }
}
