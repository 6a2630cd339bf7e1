import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage
import TokenWire

@testable import TokenServer

/// A snapshot names a batch of the journal that it was taken from.
struct SnapshotMarkTests {
  private static func restore(_ files: [String: [UInt8]]) throws -> RecoveryReport {
    let memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: memory.base, count: memory.byteCount)
    let arena = try #require(unsafe Arena(bytes, layout: JournalPlan.layout))
    let report = Recovery.restore(
      SimulatedDisk(files: files), JournalDriver.root, into: arena
    ) { ServiceState(arena: arena, hash: TextHash(key0: 1, key1: 2), position: $0) }.report
    withExtendedLifetime(memory.byteCount) {}
    return report
  }

  /// Two lives of one directory, of which the second one is longer.
  private func twoLives() throws -> (snapshot: (String, [UInt8]), other: [String: [UInt8]]) {
    let first = try JournalRig()
    let app = try first.register()
    first.stop()
    let disks = [first.disk.afterKill(), first.disk.afterKill()]
    let one = try JournalRig(disks[0])
    for _ in 0..<3 { _ = try one.issuedAndReleased(app) }
    _ = try one.call(SnapshotRequest())
    one.stop()
    let other = try JournalRig(disks[1])
    for _ in 0..<6 { _ = try other.issuedAndReleased(app) }
    other.stop()
    let snapshot = try #require(one.disk.files.first { $0.key.hasPrefix("snap-") })
    let report = try Self.restore(one.disk.files)
    #expect(report.verdict.refusal == nil)
    #expect(report.snapshot?.mark.batchNumber ?? 0 > 0, "the snapshot knows no batch")
    return (snapshot, other.disk.files)
  }

  @Test("a snapshot put into another life of the same directory is refused with 65")
  func otherLife() throws {
    let (snapshot, other) = try twoLives()
    #expect(try Self.restore(other).verdict.refusal == nil)
    var files = other
    files[snapshot.0] = snapshot.1
    let refusal = try #require(try Self.restore(files).verdict.refusal)
    #expect(refusal.exitCode == 65 && refusal.found.contains("knows another batch"))
  }
}
