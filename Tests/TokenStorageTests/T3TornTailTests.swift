import StorageSupport
import Testing
import TokenStorage

/// T3: the last batch, two blocks long, was cut short. Recovery gives exactly what was there
/// before it, or all of it where nothing of it is missing; it never refuses.
@Suite("T3: torn tail")
struct T3TornTailTests {
  let sample: JournalSample
  let last: Range<Int>
  let name: String
  /// Bytes of the batch that are not padding.
  let contentBytes: Int

  init() throws {
    sample = try JournalSample(seed: 2, steps: 8, isWitnessed: false)
    name = sample.segments[2]
    let last = try #require(sample.batches(2).last)
    try #require(last.count == 8_192)
    self.last = last
    let bytes = try #require(sample.files[name])
    let payload = (0..<4).reduce(0) { $0 | Int(bytes[last.lowerBound + 28 + $1]) << (8 * $1) }
    contentBytes = 64 + payload + 16
  }

  @Test("T3: cut at every byte of the last batch (etcd 5230)")
  func everyByte() throws {
    let whole = try #require(sample.files[name])
    var bytes = whole
    var isGood = check(bytes, isWhole: true, "cut at \(last.count)")
    var refused = isGood ? 0 : 1
    // From the end, so that each cut takes one byte more. A zero that it takes leaves the same
    // bytes, and they give the same.
    for cut in (0..<last.count).reversed() {
      let index = last.lowerBound + cut
      if bytes[index] != 0 {
        bytes[index] = 0
        isGood = check(bytes, isWhole: false, "cut at \(cut)")
      }
      refused += isGood ? 0 : 1
    }
    print("T3: \(last.count + 1) cuts of a batch of \(contentBytes) bytes in \(last.count)")
    #expect(refused == 0)
  }

  @Test(
    "T3: sectors of the last batch lost or filled with garbage in 2,000 random ways (etcd 6515)")
  func sectors() throws {
    let whole = try #require(sample.files[name])
    var random = SplitMix64(3)
    let zeros = [UInt8](repeating: 0, count: 512)
    let rounds = TierCount.named("SIGNET_T3_ROUNDS", commit: 2_000)
    print("T3: \(rounds) rounds of lost sectors")
    for round in 0..<rounds {
      var bytes = whole
      for sector in stride(from: last.lowerBound, to: last.upperBound, by: 512) {
        switch random.below(4) {
        case 0: bytes.replaceSubrange(sector..<sector + 512, with: zeros)
        case 1 where round % 2 == 0:
          for index in sector..<sector + 512 { bytes[index] = UInt8(random.below(256)) }
        default: break
        }
      }
      let content = last.lowerBound..<last.lowerBound + contentBytes
      #expect(check(bytes, isWhole: bytes[content] == whole[content], "round \(round)"))
    }
  }

  private func check(_ bytes: [UInt8], isWhole: Bool, _ what: String) -> Bool {
    var damaged = sample
    damaged.files[name] = bytes
    let (report, commits) = damaged.read()
    let lastCount = Int(bytesOfCount)
    let expected = isWhole ? sample.commits : Array(sample.commits.dropLast(lastCount))
    if report.refusal == nil, commits == expected { return true }
    Issue.record("\(what): \(report.verdict), \(commits.count) commits of \(sample.commits.count)")
    return false
  }

  /// The number of commits in the last batch.
  private var bytesOfCount: UInt8 { sample.files[name]?[last.lowerBound + 24] ?? 0 }
}
