import StorageSupport
import Testing
import TokenCore
import TokenStorage

/// A start does not read what its snapshot holds: segments that lie wholly below it.
@Suite("Snapshots: segments below them")
struct HeldSegmentTests {
  private static func restore(
    _ disk: SimulatedDisk, readsHeldSegments: Bool
  ) -> (report: RecoveryReport, image: StateImage?) {
    let memory = StateMemory()
    var restored = Recovery.restore(
      disk, JournalDriver.root, RecoveryOptions(readsHeldSegments: readsHeldSegments),
      into: memory.arena
    ) { memory.state($0) }
    let report = restored.report
    guard let state = restored.takeState() else { return (report, nil) }
    return (report, StateImage(state))
  }

  /// A directory, its segments that lie below the newest snapshot, and the others.
  private static func directory(
    _ seed: UInt64
  ) throws -> (rig: SnapshotRig, held: [String], needed: [String]) {
    let rig = try SnapshotRig.directory(seed: seed)
    let report = restore(rig.disk, readsHeldSegments: true).report
    let position = try #require(report.snapshot?.position)
    let held = report.segments.filter { $0.lastPosition < position }
    return (
      rig, held.map(\.file), report.segments.filter { $0.lastPosition >= position }.map(\.file)
    )
  }

  @Test("the state, and where the journal goes on, are the same as with all of it read")
  func same() throws {
    for seed in UInt64(1)...6 {
      let (rig, held, _) = try Self.directory(seed)
      #expect(!held.isEmpty, "seed \(seed)")
      let all = Self.restore(rig.disk, readsHeldSegments: true)
      let less = Self.restore(rig.disk, readsHeldSegments: false)
      #expect(
        less.image != nil && less.image == all.image && less.report.verdict == all.report.verdict)
      #expect(less.report.segments == all.report.segments)
    }
  }

  @Test("damage below the snapshot stops no start, is found by who reads all, and is never used")
  func damageBelow() throws {
    let (rig, held, needed) = try Self.directory(3)
    let whole = Self.restore(rig.disk, readsHeldSegments: true).image
    for name in held {
      var files = rig.disk.files
      files[name]?[4_096 + 60] ^= 1
      let disk = SimulatedDisk(files: files)
      #expect(Self.restore(disk, readsHeldSegments: false).image == whole, "\(name)")
      let all = Self.restore(disk, readsHeldSegments: true)
      #expect(all.report.verdict.refusal?.file == name && all.image == nil)
      // `--verify` tells of it; for a salvage there is nothing to do.
      let asAStart = RecoveryOptions(readsHeldSegments: false)
      #expect(JournalVerification(disk, JournalDriver.root).refusal?.file == name)
      #expect(JournalVerification(disk, JournalDriver.root, asAStart).refusal == nil, "\(name)")
      // Needed after all where the newest snapshot is damaged: then it is a refusal.
      let newest = try #require(files.keys.filter { $0.hasPrefix("snap-") }.max())
      files[newest]?[5_000] ^= 1
      let older = Self.restore(SimulatedDisk(files: files), readsHeldSegments: false)
      let isRefused = older.report.verdict.refusal != nil
      #expect(isRefused || older.image == whole)
      if name == held.last { #expect(isRefused, "\(name)") }
    }
    for name in needed {
      var files = rig.disk.files
      files[name]?[4_096 + 60] ^= 1
      let less = Self.restore(SimulatedDisk(files: files), readsHeldSegments: false)
      let all = Self.restore(SimulatedDisk(files: files), readsHeldSegments: true)
      #expect(less.report.verdict == all.report.verdict, "\(name)")
    }
  }

  @Test("a segment below the snapshot that is missing, cut or of another time is a refusal")
  func missingBelow() throws {
    let (rig, held, _) = try Self.directory(4)
    let name = try #require(held.last)
    var missing = rig.disk.files
    missing[name] = nil
    var cut = rig.disk.files
    cut[name]?.removeLast(4_096)
    var header = rig.disk.files
    header[name]?[100] ^= 1
    for files in [missing, cut, header] {
      let less = Self.restore(SimulatedDisk(files: files), readsHeldSegments: false)
      let all = Self.restore(SimulatedDisk(files: files), readsHeldSegments: true)
      #expect(less.report.verdict.refusal != nil && less.image == nil)
      #expect(less.report.verdict == all.report.verdict)
    }
  }
}
