import StorageSupport
import Testing
import TokenStorage

/// T4: single bits flip. Recovery gives the same commits or refuses; it never gives others.
@Suite("T4: bit rot")
struct T4BitRotTests {
  static let flipCount = TierCount.named("SIGNET_T4_FLIPS", commit: 5_000)

  @Test(
    "T4: 5,000 flipped bits in a journal whose last batch is witnessed, none silent (NATS, Jepsen)")
  func witnessed() throws {
    let outcome = try flip(JournalSample(), seed: 4)
    print("T4 witnessed: \(outcome)")
    #expect(outcome.silent.isEmpty && outcome.refused > 500)
    #expect(outcome.dropped == 0)
  }

  @Test("T4: 5,000 flipped bits where the last batch is not witnessed: only that one is dropped")
  func unwitnessed() throws {
    let outcome = try flip(JournalSample(isWitnessed: false), seed: 5)
    print("T4 unwitnessed: \(outcome)")
    #expect(outcome.silent.isEmpty && outcome.refused > 500)
  }

  @Test("T4: with unsynced batches only those that nothing proves durable are dropped")
  func relaxed() throws {
    // The last segment: synced, unsynced, unsynced; the batch after the synced one proves it.
    let sample = try JournalSample(steps: 10, isWitnessed: false, syncs: { $0 < 8 })
    let batches = sample.batches(2)
    try #require(batches.count == 3)
    let bytes = try #require(sample.files[sample.segments[2]])
    try #require(batches.map { bytes[$0.lowerBound + 6] } == [0, 0, 2])
    let outcome = flip(sample, seed: 6, droppable: batches[1].lowerBound)
    print("T4 relaxed: \(outcome)")
    #expect(outcome.silent.isEmpty && outcome.refused > 500 && outcome.dropped > 0)
  }

  struct Outcome: CustomStringConvertible {
    var same = 0, refused = 0
    /// The last, unwitnessed batch taken for a torn tail, and reported as one.
    var dropped = 0
    var silent: [String] = []

    var description: String {
      "\(same) without effect, \(refused) refused, \(dropped) dropped, silent: \(silent)"
    }
  }

  /// - Parameter droppable: where in the last segment the batches begin that may be dropped.
  private func flip(_ sample: JournalSample, seed: UInt64, droppable: Int? = nil) -> Outcome {
    var random = SplitMix64(seed)
    var outcome = Outcome()
    let names = sample.files.keys.sorted()
    let batches = sample.batches(2)
    let last = batches.last ?? 0..<0
    let tailRange = (droppable ?? last.lowerBound)..<last.upperBound
    for round in 0..<Self.flipCount {
      let name = names[random.below(names.count)]
      var damaged = sample
      var bytes = sample.files[name] ?? []
      // Half of them in the first blocks of a file, where most of what is written lies.
      let reach = round % 2 == 0 ? bytes.count : min(bytes.count, 12_288)
      let bit = random.below(8 * reach)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      damaged.files[name] = bytes
      let (report, commits) = damaged.read()
      if report.refusal != nil {
        outcome.refused += 1
      } else if commits == sample.commits {
        outcome.same += 1
      } else if case .tornTail(_, let tail) = report.verdict, tail.file == sample.segments[2],
        batches.contains(where: { $0.contains(bit / 8) && $0.lowerBound == tail.range.lowerBound }),
        tailRange.contains(bit / 8), name == tail.file
      {
        outcome.dropped += 1
      } else {
        outcome.silent.append("\(name) bit \(bit)")
      }
    }
    return outcome
  }
}
