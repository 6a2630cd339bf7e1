import StorageSupport
import Testing
import TokenCore
import TokenStorage

/// A journal of three segments, as bytes, with what it holds.
struct JournalSample {
  var files: [String: [UInt8]]
  var commits: [JournaledCommit]
  /// The files of the three segments, oldest first.
  var segments: [String]
  var nowMillis: UInt64

  /// - Parameters:
  ///   - steps: batches; those of steps 2 and 7 take two blocks.
  ///   - isWitnessed: whether the witness knows the last batch.
  ///   - isSealed: whether the service stopped as asked.
  ///   - syncs: which steps are synced.
  init(
    seed: UInt64 = 9, steps: Int = 10, isWitnessed: Bool = true, isSealed: Bool = false,
    reserveBytes: Int = 0, syncs: (Int) -> Bool = { _ in true }
  ) throws {
    let driver = JournalDriver(seed: seed, reserveBytes: reserveBytes)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    for step in 0..<steps {
      let error = driver.append(
        commits: 1 + step % 3, large: step % 5 == 2, sync: syncs(step))
      #expect(error == nil)
    }
    if isWitnessed { #expect(driver.noteIdle() == nil) }
    if isSealed { #expect(driver.seal() == nil) }
    files = disk.files
    commits = driver.acked
    nowMillis = driver.nowMillis
    segments = files.keys.filter { $0.hasPrefix("seg-") }.sorted()
    try #require(segments.count == 3)
  }

  /// The offsets and ends of a segment's batches.
  func batches(_ segment: Int) -> [Range<Int>] {
    let bytes = files[segments[segment]] ?? []
    var batches: [Range<Int>] = []
    var offset = 4_096
    while offset < bytes.count, bytes[offset] != 0 {
      let payload = (0..<4).reduce(0) { $0 | Int(bytes[offset + 28 + $1]) << (8 * $1) }
      let end = offset + (64 + payload + 16 + 4_095) / 4_096 * 4_096
      batches.append(offset..<end)
      offset = end
    }
    return batches
  }

  /// Reads it as a start would.
  func read(
    _ options: RecoveryOptions? = nil
  ) -> (report: RecoveryReport, commits: [JournaledCommit]) {
    Self.read(SimulatedDisk(files: files), options ?? RecoveryOptions(nowMillis: nowMillis))
  }

  static func read(
    _ disk: SimulatedDisk, _ options: RecoveryOptions = RecoveryOptions()
  ) -> (report: RecoveryReport, commits: [JournaledCommit]) {
    var found: [JournaledCommit] = []
    let report = Recovery.read(disk, JournalDriver.root, options) { found.append($0) }
    return (report, found)
  }
}

extension RecoveryReport {
  var refusal: RecoveryRefusal? {
    if case .refused(let refusal) = verdict { return refusal }
    return nil
  }
}
