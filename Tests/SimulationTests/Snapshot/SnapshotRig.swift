import StorageSupport
import TokenCore
import TokenCrypto
import TokenStorage

/// A service with its journal and snapshots on a simulated disk.
final class SnapshotRig {
  let service: RecordedService
  private(set) var disk: SimulatedDisk
  private(set) var commits: [JournaledCommit] = []
  /// The last commit whose append returned.
  private(set) var acked: UInt64 = 0
  private(set) var instance = Block128(word0: 0, word1: 0)
  private var writer: JournalWriter?
  private var memory: StateMemory?
  private let replica = Replica()
  private let options: JournalOptions
  private var nowMillis: UInt64 = 1

  init(seed: UInt64, segmentBytes: Int = 32_768) throws {
    service = RecordedService(seed: seed)
    disk = SimulatedDisk()
    var options = JournalOptions()
    (options.segmentBytes, options.reserveBytes) = (segmentBytes, 0)
    let blocks = Blocks(seed: seed)
    options.drawBlock = { blocks.next() }
    self.options = options
    writer = try JournalWriter.create(disk, JournalDriver.root, options, wallMillis: 1)
    guard case .clean(let end) = Recovery.read(disk, JournalDriver.root, commit: { _ in }).verdict
    else { throw DriverFailure("a new journal does not read") }
    instance = end.instance
  }

  /// Commits and appends, `batch` commits to a batch.
  func commit(_ count: Int, batch size: Int = 3) throws {
    var batch = CommitBatch()
    for index in 0..<count {
      if let commit = service.step() {
        batch.add(commit.effects, at: commit.position)
        commits.append(
          JournaledCommit(position: commit.position, effects: commit.effects.filter(\.isKept)))
      }
      guard batch.commitCount == size || (index + 1 == count && !batch.isEmpty) else { continue }
      nowMillis += 1
      try writer?.append(batch, wallMillis: nowMillis)
      acked = batch.lastPosition
      batch = CommitBatch()
    }
  }

  func snapshotWriter(_ disk: SimulatedDisk? = nil) -> SnapshotWriter {
    let blocks = Blocks(seed: acked &+ 77)
    return SnapshotWriter(
      disk ?? self.disk, JournalDriver.root, instance: instance, drawBlock: { blocks.next() })
  }

  /// A cut, written and published.
  @discardableResult
  func snapshot(
    on disk: SimulatedDisk? = nil, distrusted: [String] = []
  ) throws -> (name: String, removed: [String]) {
    let cut = service.cut()
    let snapshots = snapshotWriter(disk)
    let written = try snapshots.write(cut, wallMillis: nowMillis)
    let removed = try snapshots.publish(written, released: acked, distrusted: distrusted)
    return (written.name, removed)
  }

  static func cut(_ state: borrowing ServiceState) throws -> SnapshotCut {
    guard let cut = state.beginSnapshot() else { throw DriverFailure("another is under way") }
    return cut
  }

  /// The files of a directory with `snapshots` snapshots and commits after each.
  static func directory(
    seed: UInt64 = 3, snapshots: Int = 2, segmentBytes: Int = 32_768
  ) throws -> SnapshotRig {
    let rig = try SnapshotRig(seed: seed, segmentBytes: segmentBytes)
    for _ in 0..<snapshots {
      try rig.commit(80)
      try rig.snapshot()
    }
    try rig.commit(60)
    return rig
  }

  /// What a start makes of a disk.
  static func restore(
    _ disk: SimulatedDisk, _ sizes: TableSizes = .small, nowMillis: UInt64? = nil
  ) -> (report: RecoveryReport, image: StateImage?) {
    restore(disk, sizes.arenaLimits, nowMillis: nowMillis)
  }

  static func restore(
    _ disk: SimulatedDisk, _ limits: ArenaLimits, nowMillis: UInt64? = nil
  ) -> (report: RecoveryReport, image: StateImage?) {
    let memory = StateMemory(limits)
    var restored = Recovery.restore(
      disk, JournalDriver.root, RecoveryOptions(nowMillis: nowMillis), into: memory.arena
    ) { memory.state($0) }
    let report = restored.report
    guard let state = restored.takeState() else { return (report, nil) }
    return (report, StateImage(state))
  }

  // MARK: Lives

  /// Another process on the disk. Fails unless it finds what was acknowledged, exactly.
  func restart(on disk: SimulatedDisk) throws {
    self.disk = disk
    writer = nil
    let memory = StateMemory()
    var restored = Recovery.restore(disk, JournalDriver.root, into: memory.arena) {
      memory.state($0)
    }
    guard let state = restored.takeState() else {
      throw DriverFailure("refused: \(restored.report.verdict)")
    }
    let position = state.position
    guard position >= acked, position <= commits.last?.position ?? 0 else {
      throw DriverFailure("restored to \(position), acknowledged \(acked)")
    }
    commits.removeAll { $0.position > position }
    let difference = StateImage(state).difference(from: replica.image(after: commits))
    guard difference == "nothing" else { throw DriverFailure("differs: \(difference)") }
    acked = position
    self.memory = memory
    service.goOn(with: state, memory)
    switch restored.report.verdict {
    case .clean(let end), .tornTail(let end, _):
      writer = try JournalWriter.open(
        disk, JournalDriver.root, options, after: end, wallMillis: nowMillis)
    default: throw DriverFailure("\(restored.report.verdict)")
    }
  }
}

/// Blocks in a fixed order in place of random ones. Used by one thread.
private final class Blocks: @unchecked Sendable {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed ^ 0xb10c) }

  func next() -> Block128 {
    let word0 = random.next()
    return Block128(word0: word0, word1: random.next())
  }
}
