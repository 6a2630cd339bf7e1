import LinuxIO
import StorageSupport
import TokenCore
import TokenCrypto
import TokenStorage

/// A real service with its journal in several segments, a backup of it on the way, and the state at
/// the end.
struct DirectoryScenario {
  let service: RecordedService
  /// The data directory.
  let files: [String: [UInt8]]
  /// The backup `one`, made after `backupPosition`.
  let backup: [String: [UInt8]]
  let backupPosition: UInt64
  static let nowMillis: UInt64 = 1_767_225_600_000

  static var options: JournalOptions {
    var options = JournalOptions()
    (options.segmentBytes, options.reserveBytes) = (32_768, 0)
    return options
  }

  /// - Parameter steps: operations; half of them come before the backup.
  init(seed: UInt64 = 3, steps: Int = 200) throws {
    service = RecordedService(seed: seed)
    let disk = SimulatedDisk()
    let backups = SimulatedDisk()
    var position: UInt64 = 0
    var writer = try JournalWriter.create(
      disk, JournalDriver.root, Self.options, wallMillis: Self.nowMillis)
    for step in 0..<steps {
      if step == steps / 2 {
        guard let cut = service.state.beginSnapshot() else { preconditionFailure("one at a time") }
        position = cut.position
        _ = try Backup.write(
          cut, named: "one", in: backups, JournalDriver.root, instance: writer.instance,
          wallMillis: Self.nowMillis)
      }
      guard let commit = service.step() else { continue }
      var batch = CommitBatch()
      batch.add(commit.effects, at: commit.position)
      try writer.append(batch, wallMillis: Self.nowMillis)
    }
    try writer.noteIdle(wallMillis: Self.nowMillis)
    files = disk.files
    var copied: [String: [UInt8]] = [:]
    for (name, bytes) in backups.files where name.hasPrefix("one/") && name != "one/" {
      copied[String(name.dropFirst(4))] = bytes
    }
    backup = copied
    backupPosition = position
  }

  /// The names of the segments, oldest first.
  var segments: [String] { files.keys.filter { $0.hasPrefix("seg-") }.sorted() }

  /// Calls of a disk that kept its trace, from the first on that changes something: every fourth,
  /// or as the environment says, and the last two; without those at which a crash of this kind does
  /// what another kind does.
  static func changingCalls(_ disk: SimulatedDisk, _ kind: DiskFault.Kind) -> [Int] {
    let reads = ["list", "open", "read", "size"]
    let first = disk.trace.firstIndex { call in !reads.contains { call.hasPrefix($0) } } ?? 0
    let step = TierCount.named("SIGNET_REPLACEMENT_STEP", commit: 4)
    let last = disk.callCount
    return (first + 1...last).filter { ($0 - first) % step == 0 || $0 > last - 2 }
      .filter { disk.isOwnCrash(kind, atCall: $0) }
  }

  /// The directory with a byte changed in the middle of a segment's second batch.
  func damaged(segment: Int) -> [String: [UInt8]] {
    var files = files
    files[segments[segment]]?[8_192 + 80] ^= 0x10
    return files
  }
}
