import LinuxIO
import StorageSupport
import Testing

@testable import TokenServer
@testable import TokenStorage

/// The thread that prepares segments and, between that, gives back what older ones never needed.
struct SegmentPreparerTests {
  /// Says of itself that five pieces of 4 MiB can be given back.
  private static let ended = SegmentSummary(
    file: "seg-1.j", firstPosition: 1, lastPosition: 2, firstBatch: 1, batchCount: 1,
    usedBytes: 4_096, byteCount: 4_096 + 20 << 20)
  private static let used = [UInt8](repeating: 7, count: 4_096)

  private let disk: StallingDisk
  private let lines = LogLines()

  init() {
    let medium = SimulatedDisk()
    medium.add("seg-1.j", Self.used + Self.used)
    disk = StallingDisk(medium)
    disk.hold(.restRelease)
  }

  /// Runs it until it waits in the first piece.
  private func start() throws -> SegmentPreparer {
    var options = JournalOptions()
    (options.segmentBytes, options.reserveBytes) = (16_384, 0)
    let (disk, lines) = (disk, lines)
    let preparer = try SegmentPreparer(disk, options, ended: [Self.ended]) { preparation in
      let pieces = disk.count(.restRelease)
      if case .segment = preparation { lines.append("a segment after \(pieces) pieces") }
    }
    _ = try SystemThread.spawn(name: "segments") {
      preparer.run()
      lines.append("ended")
    }
    #expect(disk.waitUntilHeld(.restRelease))
    return preparer
  }

  @Test("a stop while pieces are given back waits for the one that is under way, and no more")
  func stop() throws {
    let preparer = try start()
    preparer.stop()
    disk.letGo()
    #expect(lines.wait(for: "ended"))
    #expect(disk.count(.restRelease) == 1 && lines.all == ["ended"])
    #expect(disk.files == ["seg-1.j": Self.used + [UInt8](repeating: 0, count: 4_096)])
  }

  @Test("a segment that is asked for meanwhile comes after that piece, before the others")
  func asked() throws {
    let preparer = try start()
    preparer.ask()
    disk.letOnePass(.restRelease)
    #expect(lines.wait(for: "a segment after 1 pieces"))
    #expect(disk.waitUntilHeld(.restRelease))
    preparer.stop()
    disk.letGo()
    #expect(lines.wait(for: "ended"))
    #expect(disk.count(.restRelease) == 2)
  }

  @Test("left alone it gives back every piece")
  func all() throws {
    let preparer = try start()
    disk.letGo()
    #expect(disk.waitUntilCounted(.restRelease, 5))
    preparer.stop()
    #expect(lines.wait(for: "ended"))
    #expect(disk.count(.restRelease) == 5)
  }
}
