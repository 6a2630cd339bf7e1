import Foundation
import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// T24: data directories of every released format, opened by this program.
@Suite("T24: golden data directories")
struct GoldenDirectoryTests {
  static let versions = ["v1", "v2"]
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")

  @Test("T24: makes a directory when asked to, in an empty place")
  func make() throws {
    guard let version = ProcessInfo.processInfo.environment["SIGNET_MAKE_GOLDEN"] else { return }
    let rig = try SnapshotRig(seed: 24, segmentBytes: 65_536)
    for _ in 0..<2 {
      try rig.commit(45)
      try rig.snapshot()
    }
    try rig.commit(30)
    let home = Self.root.appendingPathComponent(version)
    let data = home.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).isEmpty)
    for (name, bytes) in rig.disk.files {
      try Data(bytes).write(to: data.appendingPathComponent(name))
    }
    let digest = StateImage(rig.service.state).digest + "\n"
    try Data(digest.utf8).write(to: home.appendingPathComponent("DIGEST"))
  }

  @Test("T24: the state in a golden directory is what it was", arguments: versions)
  func opens(_ version: String) throws {
    let home = Self.root.appendingPathComponent(version)
    let digest = try String(contentsOf: home.appendingPathComponent("DIGEST"), encoding: .utf8)
    let files = try Self.files(version)
    #expect(files.keys.filter { $0.hasPrefix("snap-") }.count == 2)
    // DIGEST is one of the tables' bytes, and those of version 1 were in wider rows.
    let own = TableSizes.small.arenaLimits
    let asWritten = SnapshotRig.restore(
      SimulatedDisk(files: files), version == "v1" ? own.inWholeLines : own)
    #expect(asWritten.image.map { $0.digest + "\n" } == digest, "\(asWritten.report.verdict)")
    let (report, image) = SnapshotRig.restore(SimulatedDisk(files: files))
    #expect(report.snapshot != nil && report.notes.isEmpty && image != nil)
    // From the older snapshot, and from the directory itself.
    var without = files
    without[report.snapshot?.file ?? ""] = nil
    #expect(SnapshotRig.restore(SimulatedDisk(files: without)).image == image)
    let path = home.appendingPathComponent("data").path
    #expect(JournalVerification(LinuxDisk(path: path), JournalDriver.root).exitCode == 0)
    #expect(try Self.files(version) == files)
  }

  /// Both were made by the same commits.
  @Test("T24: the rows of v1 come out as those of v2")
  func rowsOfBoth() throws {
    let images = try Self.versions.map {
      SnapshotRig.restore(SimulatedDisk(files: try Self.files($0))).image
    }
    #expect(images[0] != nil && images[0] == images[1])
  }

  @Test("T24: this program refuses a format of a later version and touches nothing")
  func later() throws {
    var files = try Self.files("v1")
    var format = try #require(files["FORMAT"])
    format[6] = 2
    let sum = CRC32C.checksum(format, 0..<4_092)
    for index in 0..<4 {
      format[4_092 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index))
    }
    files["FORMAT"] = format
    let disk = SimulatedDisk(files: files)
    disk.keepsTrace = true
    guard case .refused(let refusal) = SnapshotRig.restore(disk).report.verdict else {
      Issue.record("went on")
      return
    }
    #expect(refusal.exitCode == 68 && disk.files == files)
    let changes = disk.trace.filter { call in
      !["list", "open", "read", "size"].contains { call.hasPrefix($0) }
    }
    #expect(changes.isEmpty)
  }

  private static func files(_ version: String) throws -> [String: [UInt8]] {
    let data = root.appendingPathComponent(version).appendingPathComponent("data")
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: data.path) {
      files[name] = Array(try Data(contentsOf: data.appendingPathComponent(name)))
    }
    return files
  }
}
