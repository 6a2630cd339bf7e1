import StorageSupport
import TokenStorage

extension DecisionRow {
  static let all: [DecisionRow] = tails + files + refusals + harmless

  private static let cut =
    "the last segment: a damaged batch, or zeros with something after them, and no proof that it "
    + "was durable"

  private static let tails: [DecisionRow] = [
    DecisionRow("zeros from the last batch to the end of the last segment", .whole(notes: 0)),
    DecisionRow(cut, .tornTail { $0.batches(2).last!.lowerBound }) {
      $0.put([0xFF, 1], in: $0.segments[2], at: $0.batches(2).last!.lowerBound + 70)
    }.with { $0.isWitnessed = false },
    DecisionRow(cut, .tornTail { $0.batches(2)[1].lowerBound }) { sample in
      // Zeros, then a batch with the mark.
      sample.zero(sample.batches(2)[1], of: sample.segments[2])
    }.with { row in
      row.isWitnessed = false
      row.syncs = { $0 < 8 }
    },
    DecisionRow(
      "the same, and the witness, or a later header without the mark, proves that it was durable",
      refused(65, segment: 2) { $0.batches(2).last!.lowerBound }
    ) {
      $0.put([0xFF, 1], in: $0.segments[2], at: $0.batches(2).last!.lowerBound + 70)
    },
    DecisionRow(
      "the same, and the witness, or a later header without the mark, proves that it was durable",
      refused(65, segment: 2) { $0.batches(2)[0].lowerBound }
    ) {
      $0.put([0xFF, 1], in: $0.segments[2], at: $0.batches(2)[0].lowerBound + 70)
    }.with { $0.isWitnessed = false },
    DecisionRow(
      "the same, and a later header with the mark whose checksums fit and whose MAC does not",
      refused(66, segment: 2) { $0.batches(2)[2].lowerBound }
    ) { sample in
      let batches = sample.batches(2)
      sample.put([0xFF, 1], in: sample.segments[2], at: batches[1].lowerBound + 70)
      sample.editText(sample.segments[2], batches[2])
    }.with { row in
      row.isWitnessed = false
      row.syncs = { $0 < 8 }
    },
  ]

  private static let files: [DecisionRow] = [
    DecisionRow("no `FORMAT`, and no segment with anything in it", .fresh) { sample in
      sample.files = ["reserve.j": [UInt8](repeating: 0, count: 16_384)]
    },
    DecisionRow("no `FORMAT`, and something else of a journal", refused(65, "FORMAT")) {
      $0.files["FORMAT"] = nil
    },
    DecisionRow(
      "a whole batch with a number or a chain value that does not belong there",
      refused(65, segment: 1) { $0.batches(1)[0].lowerBound }
    ) { sample in
      let first = sample.bytes(sample.batches(1)[0], of: sample.segments[1])
      let second = sample.bytes(sample.batches(1)[1], of: sample.segments[1])
      sample.put(second + first, in: sample.segments[1], at: 4_096)
    },
    DecisionRow(
      "a segment that ends anywhere but where the next one says",
      refused(65, segment: 1) { sample in
        // Where the last batch was.
        sample.batches(1).last!.lowerBound
      }
    ) { $0.zero($0.batches(1).last!, of: $0.segments[1]) },
    DecisionRow(
      "an authentic batch exactly where the next segment goes on",
      refused(65, segment: 0) { $0.batches(0)[1].lowerBound }
    ) { try $0.forkAfterFirstBatch() },
    DecisionRow(
      "segments missing, doubled, renamed, cut, of another instance, or two after one",
      refused(65, segment: 2)
    ) { $0.files[$0.segments[1]] = nil },
    DecisionRow("both slots of the witness damaged, or the file missing", refused(65, "witness")) {
      $0.files["witness"] = nil
    },
    DecisionRow(
      "the witness names a segment or batch that is not here, or another tag",
      refused(65, segment: 2) { $0.batches(2).last!.lowerBound }
    ) { $0.zero($0.batches(2).last!, of: $0.segments[2]) },
    DecisionRow(
      "a snapshot newer than the journal's end, or positions that nothing holds",
      refused(65, segment: 2)
    ).with { row in
      row.options = { RecoveryOptions(snapshotPosition: UInt64($0.commits.count) + 1) }
    },
    DecisionRow(
      "a snapshot newer than the journal's end, or positions that nothing holds",
      refused(65, segment: 1)
    ) { $0.files[$0.segments[0]] = nil },
    DecisionRow(
      "a first block, a batch or an effect with numbers that no version writes",
      refused(65, "witness")
    ) { sample in
      // The witness's sequence as high as it goes, in both slots.
      for slot in 0..<2 {
        sample.sign("witness", block: slot, [UInt8](repeating: 0xFF, count: 8), at: 24)
      }
    },
    DecisionRow(
      "a first block, a batch or an effect with numbers that no version writes",
      refused(65, segment: 0)
    ) { $0.sign($0.segments[0], [UInt8](repeating: 0, count: 8), at: 40) },
    DecisionRow("`UNFINISHED`", refused(65, "UNFINISHED")) { $0.files["UNFINISHED"] = [1] },
  ]

  private static let refusals: [DecisionRow] = [
    DecisionRow(
      "a checksum fits and its MAC does not",
      refused(66, segment: 1) { $0.batches(1)[0].lowerBound }
    ) { $0.editHeader($0.segments[1], $0.batches(1)[0], at: 33, to: 0x77) },
    DecisionRow("a checksum fits and its MAC does not", refused(66, "witness", at: 0)) {
      $0.edit("witness", at: 48, to: 0x77)
    },
    DecisionRow("a journal and no root key", refused(67, "FORMAT")),
    DecisionRow("written for later readers", refused(68, "FORMAT", at: 0)) {
      $0.edit("FORMAT", at: 6, to: 2)
    },
    DecisionRow("written for later readers", refused(68, segment: 1) { _ in 4_096 }) {
      $0.editHeader($0.segments[1], $0.batches(1)[0], at: 4, to: 2)
    },
    DecisionRow("the system cannot read it", refused(69, ".")).with { $0.failingCall = 1 },
    DecisionRow(
      "the last batch or the witness is more than 5 s ahead of the clock",
      refused(70, segment: 2) { $0.batches(2).last!.lowerBound }
    ).with { row in row.options = { RecoveryOptions(nowMillis: $0.nowMillis - 6_000) } },
  ]

  private static let harmless: [DecisionRow] = [
    DecisionRow("one slot of the witness damaged", .whole(notes: 1)) {
      $0.put([1, 2], in: "witness", at: 50)
    },
    DecisionRow(
      "`reserve.j` all zeros, or a torn first block and zeros after it", .whole(notes: 0)
    ) { $0.files["reserve.j"] = [UInt8](repeating: 0, count: 16_384) },
    DecisionRow("`reserve.j` with a first block", .whole(notes: 0)) { try $0.fillTheDisk() },
    DecisionRow("`quarantine-*`", .whole(notes: 0)) { sample in
      sample.files["quarantine-0000000000000001-00000000-00001000.bin"] = [1, 2, 3]
    },
    DecisionRow("anything else in the directory", .whole(notes: 1)) {
      $0.files["README"] = [1, 2, 3]
    },
  ]
}

extension JournalSample {
  /// Two journals that part after the first batch: the first segment of the one, which goes on, and
  /// everything else of the other.
  mutating func forkAfterFirstBatch() throws {
    let driver = JournalDriver(seed: 21)
    let disk = SimulatedDisk()
    guard try driver.start(disk), driver.append(commits: 1) == nil else { return }
    let twin = JournalDriver(continuing: driver)
    let other = SimulatedDisk(files: disk.files)
    guard driver.append(commits: 1) == nil, try twin.start(other), twin.append(commits: 1) == nil
    else { return }
    files = other.files
    segments = files.keys.filter { $0.hasPrefix("seg-") }.sorted()
    files[segments[0]] = disk.files[segments[0]]
    nowMillis = twin.nowMillis
  }

  /// A journal whose last segment lies in the reserve.
  mutating func fillTheDisk() throws {
    let driver = JournalDriver(seed: 3, reserveBytes: 32_768)
    let disk = SimulatedDisk()
    disk.capacityBytes = 24_576 + 32_768 + 8_192 + 4_096
    guard try driver.start(disk) else { return }
    while driver.append(commits: 1) == nil {}
    guard driver.append(commits: 1, .denials) == nil, driver.isInReserve else { return }
    (files, commits, nowMillis) = (disk.files, driver.acked, driver.nowMillis)
  }
}
