import StorageSupport
import Synchronization
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// Snapshots and backups that wait for another one.
struct SnapshotDrainTests {
  private static let snapshotSync = DiskCall(.sync, .prepared)

  /// A snapshot under way, with its sync held, and three backups behind it.
  private func waiting(_ rig: JournalRig) throws -> (snapshot: UInt32, backups: [UInt32]) {
    let app = try rig.register()
    rig.disk.hold(Self.snapshotSync)
    let snapshot = try rig.send(SnapshotRequest())
    #expect(rig.eventually { rig.running.cuts.hasBegun })
    let backups = try (1...3).map { try rig.send(BackupRequest(name: Array("b\($0)".utf8))) }
    try rig.issueAndWaitForLane(app)
    return (snapshot, backups)
  }

  @Test("when draining begins what was not begun is answered DRAINING, and what was is finished")
  func drain() throws {
    let rig = try JournalRig()
    let (snapshot, backups) = try waiting(rig)
    rig.running.snapshots.drain()
    for backup in backups { #expect(try rig.status(backup) == .draining) }
    #expect(try rig.status(rig.send(SnapshotRequest())) == .draining)
    #expect(!rig.hasReply(snapshot))
    rig.disk.letGo()
    #expect(try rig.status(snapshot) == .ok)
  }

  @Test("the end of one wakes the lane for the next, and every one is answered")
  func next() throws {
    let rig = try JournalRig()
    let (snapshot, backups) = try waiting(rig)
    let wakes = Counter()
    rig.running.cuts.wakes { wakes.count.add(1, ordering: .relaxed) }
    rig.disk.letGo()
    #expect(try rig.status(snapshot) == .ok)
    // No directory is configured for them.
    for backup in backups { #expect(try rig.status(backup) == .notDurable) }
    #expect(wakes.count.load(ordering: .relaxed) >= 3)
  }

  private final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }
}
