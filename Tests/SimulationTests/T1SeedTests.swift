import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// T1: whole lives of a journal on a simulated disk, one seed each. A failure prints its seed.
@Suite("T1: seeds")
struct T1SeedTests {
  static let seedCount = UInt64(TierCount.named("SIGNET_T1_SEEDS", commit: 2_000))

  @Test("T1: crashes, power cuts and failing calls lose nothing acknowledged", arguments: 0..<8)
  func seeds(_ part: Int) {
    var counts = Simulation.Counts()
    let seeds = stride(from: UInt64(part), to: Self.seedCount, by: 8)
    for seed in seeds {
      do throws(DriverFailure) {
        try Simulation(seed: seed).run(&counts)
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
    print("T1 part \(part): \(Array(seeds).count) seeds, \(counts)")
    #expect(counts.tornTails > 5 && counts.failures > 50 && counts.appends > 1_000)
    // The seeds of a part are alike in what they sync.
    #expect(part % 4 < 2 || (counts.unsynced > 500 && counts.tailsOfSeveral > 5))
  }

  @Test("T1: a seed gives the same bytes every time")
  func replay() throws {
    for seed in UInt64(0)..<10 {
      var counts = Simulation.Counts()
      let first = try Simulation(seed: seed).run(&counts)
      let second = try Simulation(seed: seed).run(&counts)
      #expect(first == second, "seed \(seed)")
    }
  }
}
