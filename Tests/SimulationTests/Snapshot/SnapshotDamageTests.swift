import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

@Suite("Snapshots: damage")
struct SnapshotDamageTests {
  /// Segments so large that the first one still has everything: nothing could be retired.
  static func whole() throws -> SnapshotRig { try .directory(segmentBytes: 1 << 20) }
  /// Three snapshots and small segments: what lies below the second snapshot is gone.
  static func retired() throws -> SnapshotRig { try .directory(snapshots: 3) }
  /// The same, made once, for tests that change copies alone.
  private static let made = Result {
    let rig = try retired()
    return (files: rig.disk.files, image: StateImage(rig.service.state))
  }

  @Test("T4: 2,000 flipped bits in a snapshot, none silent")
  func bitFlips() throws {
    let rig = try Self.retired()
    let name = try #require(rig.disk.files.keys.filter { $0.hasPrefix("snap-") }.max())
    let whole = try #require(rig.disk.files[name])
    #expect(whole.count > 65_536)
    var random = SplitMix64(44)
    var silent: [Int] = []
    let disk = SimulatedDisk()
    for round in 0..<2_000 {
      // A quarter of them in the header, the first frame's head and the last block.
      let edges = [random.below(4_200), whole.count - 1 - random.below(4_096)]
      let place = round % 4 == 0 ? edges[round / 4 % 2] : random.below(whole.count)
      var damaged = whole
      damaged[place] ^= 1 << UInt8(random.below(8))
      disk.files = [name: damaged]
      if SnapshotLoad.fault(disk, name, rig) == nil { silent.append(place) }
    }
    print("snapshot bit flips: 2000 of \(whole.count) bytes, silent \(silent.count)")
    #expect(silent.isEmpty, "\(silent)")
  }

  @Test("the newest snapshot has rotted: the older one and the journal are used, and it is said")
  func newestRotten() throws {
    let rig = try Self.retired()
    let names = rig.disk.files.keys.filter { $0.hasPrefix("snap-") }.sorted()
    for place in [50, 5_000, -20] {
      var files = rig.disk.files
      let count = files[names[1]]?.count ?? 0
      files[names[1]]?[place < 0 ? count + place : place] ^= 1
      let disk = SimulatedDisk(files: files)
      let (report, image) = SnapshotRig.restore(disk)
      #expect(image == StateImage(rig.service.state), "\(report.verdict)")
      #expect(report.snapshot?.file == names[0] && report.notes.count == 1)
      #expect(report.distrustedSnapshots == [names[1]] && disk.files == files)
      // The next snapshot takes the place of the bad one, and does not count it.
      let (name, removed) = try rig.snapshot(on: disk, distrusted: report.distrustedSnapshots)
      #expect(removed.contains(names[1]) && !removed.contains(names[0]))
      let again = SnapshotRig.restore(disk)
      #expect(again.report.snapshot?.file == name)
      #expect(again.image == StateImage(rig.service.state))
    }
  }

  @Test("all snapshots have rotted and the journal has everything: it is replayed")
  func allRotten() throws {
    let rig = try Self.whole()
    var files = rig.disk.files
    for name in files.keys.filter({ $0.hasPrefix("snap-") }) { files[name]?[6_000] ^= 4 }
    let (report, image) = SnapshotRig.restore(SimulatedDisk(files: files))
    #expect(image == StateImage(rig.service.state) && report.snapshot == nil)
    #expect(report.distrustedSnapshots.count == 2)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let exitCode: Int32?
    let perform: @Sendable (inout [String: [UInt8]], _ names: [String]) -> Void

    init(
      _ text: String, _ exitCode: Int32?,
      _ perform: @escaping @Sendable (inout [String: [UInt8]], [String]) -> Void
    ) {
      (testDescription, self.exitCode, self.perform) = (text, exitCode, perform)
    }

    /// Changes a byte of a block and makes its checksum fit again.
    static func edit(_ bytes: inout [UInt8]?, block start: Int, at offset: Int, to byte: UInt8) {
      guard var edited = bytes else { return }
      edited[start + offset] = byte
      let sum = CRC32C.checksum(edited, start..<start + 4_092)
      for index in 0..<4 {
        edited[start + 4_092 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index))
      }
      bytes = edited
    }
  }

  static let rows: [Row] = [
    Row("both snapshots missing", 65) { files, names in
      for name in names { files[name] = nil }
    },
    Row("both rotten", 65) { files, names in for name in names { files[name]?[5_000] ^= 1 } },
    Row("the newest missing", nil) { files, names in files[names[1]] = nil },
    Row("the older missing", nil) { files, names in files[names[0]] = nil },
    Row("the newest cut", nil) { files, names in files[names[1]]?.removeLast(5_000) },
    Row("the newest empty", nil) { files, names in files[names[1]] = [] },
    Row("the newest longer", nil) { files, names in files[names[1]]?.append(0) },
    Row("the older one under the newest one's name", 65) { files, names in
      files[names[1]] = files[names[0]]
    },
    Row("a snapshot of another journal", 65) { files, names in
      let other = try? SnapshotRig.directory(seed: 99, snapshots: 1)
      let name = other?.disk.files.keys.first { $0.hasPrefix("snap-") } ?? ""
      for mine in names { files[mine] = nil }
      files[name] = other?.disk.files[name]
    },
    Row("edited, its checksum made to fit", 66) { files, names in
      Row.edit(&files[names[1]], block: 0, at: 50, to: 9)
    },
    Row("of a later version", 68) { files, names in
      Row.edit(&files[names[1]], block: 0, at: 6, to: 2)
    },
    Row("the journal ends before the newest snapshot", 65) { files, names in
      let segments = files.keys.filter { $0.hasPrefix("seg-") }.sorted()
      let position = UInt64(names[1].dropFirst(5).prefix(16), radix: 16) ?? 0
      for name in segments {
        let first = UInt64(name.dropFirst(4).prefix(16), radix: 16) ?? 0
        if first > position / 2 { files[name] = nil }
      }
    },
    Row("the journal's oldest segment missing", 65) { files, names in
      let segments = files.keys.filter { $0.hasPrefix("seg-") }.sorted()
      files[segments[0]] = nil
      files[names[1]]?[5_000] ^= 1
    },
    Row("FORMAT missing", 65) { files, _ in files["FORMAT"] = nil },
    Row("a left-over snap.tmp", nil) { files, _ in files["snap.tmp"] = [1, 2, 3] },
  ]

  @Test("T5: damage to snapshots", arguments: rows)
  func damage(_ row: Row) throws {
    var (files, whole) = try Self.made.get()
    row.perform(&files, files.keys.filter { $0.hasPrefix("snap-") }.sorted())
    let disk = SimulatedDisk(files: files)
    let (report, image) = SnapshotRig.restore(disk)
    if let exitCode = row.exitCode {
      guard case .refused(let refusal) = report.verdict else {
        Issue.record("\(row.testDescription): \(report.verdict)")
        return
      }
      #expect(refusal.exitCode == exitCode, "\(refusal)")
      #expect(image == nil && !refusal.advice.isEmpty)
      #expect(JournalVerification(disk, JournalDriver.root).exitCode == exitCode)
    } else {
      #expect(image == whole, "\(report.verdict)")
    }
    #expect(disk.files == files, "the directory was touched")
  }

  @Test("T5: a snapshot that the system cannot read is a refusal of its own")
  func unreadable() throws {
    let files = try Self.made.get().files
    let disk = SimulatedDisk(files: files)
    disk.keepsTrace = true
    _ = SnapshotRig.restore(disk)
    let call = try #require(disk.trace.firstIndex { $0.hasPrefix("read snap-") })
    let other = SimulatedDisk(files: files)
    other.fault = DiskFault(atCall: call + 1, .error(.inputOutput))
    guard case .refused(let refusal) = SnapshotRig.restore(other).report.verdict else {
      Issue.record("went on")
      return
    }
    #expect(refusal.exitCode == 69 && refusal.file.hasPrefix("snap-"))
  }

  @Test("T5: another root key is refused with its own exit code")
  func wrongRootKey() throws {
    let disk = SimulatedDisk(files: try Self.made.get().files)
    let key = try #require(RootKey(copying: [UInt8](repeating: 7, count: 32)))
    #expect(JournalVerification(disk, key).exitCode == 66)
  }
}
