import StorageSupport
import Testing
import TokenCrypto

@testable import TokenCore
@testable import TokenStorage

/// Headers of a snapshot whose MACs fit, and that no service ever wrote: a refusal, and never a
/// trap.
@Suite("Snapshots: impossible headers")
struct ImpossibleHeaderTests {
  struct Header: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let exitCode: Int32
    let change: @Sendable (inout SnapshotHeader) -> Void

    init(
      _ text: String, _ exitCode: Int32 = 65,
      _ change: @escaping @Sendable (inout SnapshotHeader) -> Void
    ) {
      (testDescription, self.exitCode, self.change) = (text, exitCode, change)
    }
  }

  static let headers: [Header] = [
    Header("no room for tokens") { $0.limits.tokenCapacity = 0 },
    Header("room for 2^28 tokens") { $0.limits.tokenCapacity = 1 << 28 },
    Header("room for 2^62 tokens") { $0.limits.tokenCapacity = 1 << 62 },
    Header("65,536 scope sets") { $0.limits.scopeSetCapacity = 65_536 },
    Header("audiences of 2^40 bytes") { $0.limits.audienceMaxBytes = 1 << 40 },
    Header("2^40 grants") { $0.limits[.grant].capacity = 1 << 40 },
    Header("grants of 12 bytes") { $0.limits[.grant].strideBytes = 12 },
    Header("grants of 2^50 bytes") { $0.limits[.grant].strideBytes = 1 << 50 },
    Header("rows of another size", 68) { $0.limits[.grant].strideBytes = 80 },
    Header("2^62 pages") { $0.pageCount = 1 << 62 },
    Header("2^20 pages") { $0.pageCount = 1 << 20 },
    Header("a row above its table") { $0.highWaters[4] = 1 << 40 },
    Header("batch 2^64 - 1") { $0.mark.batchNumber = .max },
    Header("a time that never comes") { $0.wallMillis = .max },
  ]

  /// A directory with one snapshot. Made once: no row changes it.
  private static let directory = Result {
    let rig = try SnapshotRig(seed: 5)
    try rig.commit(120)
    let (name, _) = try rig.snapshot()
    return (name: name, files: rig.disk.files)
  }

  @Test(arguments: headers)
  func header(_ row: Header) throws {
    let (name, whole) = try Self.directory.get()
    var file = try #require(whole[name])
    let mac = JournalMAC(JournalDriver.root)
    var header = try SnapshotHeader(Array(file[..<journalBlockBytes]), mac)
    row.change(&header)
    file.replaceSubrange(..<journalBlockBytes, with: header.encoded(mac))
    var files = whole
    files[name] = file
    let disk = SimulatedDisk(files: files)
    let (report, image) = SnapshotRig.restore(disk)
    #expect(report.verdict.refusal?.exitCode == row.exitCode && image == nil, "\(report.verdict)")
    let limits = TableSizes.small.arenaLimits
    let verification = JournalVerification(disk, JournalDriver.root, limits: limits)
    #expect(verification.exitCode == row.exitCode)
  }
}
