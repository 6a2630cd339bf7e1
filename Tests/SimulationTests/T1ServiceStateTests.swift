import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

/// T1 with the real state: what the commit lane applied, and what a start rebuilds from the
/// journal, are the same service.
@Suite("T1: service state")
struct T1ServiceStateTests {
  @Test("T1: a state rebuilt from the journal after a power cut answers like the one before")
  func rebuilt() throws {
    for seed in UInt64(0)..<20 {
      let service = RecordedService(seed: seed)
      let disk = SimulatedDisk()
      var options = JournalOptions()
      (options.segmentBytes, options.reserveBytes) = (65_536, 0)
      var writer = try JournalWriter.create(disk, JournalDriver.root, options, wallMillis: 1)
      var batch = CommitBatch()
      var random = SplitMix64(seed)
      for _ in 0..<300 {
        guard let commit = service.step() else { continue }
        batch.add(commit.effects, at: commit.position)
        guard random.below(4) == 0 else { continue }
        try writer.append(batch, wallMillis: 1)
        batch = CommitBatch()
      }
      if !batch.isEmpty { try writer.append(batch, wallMillis: 1) }
      let replayed = RecordedService(seed: seed + 1_000)
      let report = Recovery.read(disk.afterPowerCut(.loseAll), JournalDriver.root) { commit in
        replayed.state.apply(commit.effects, at: commit.position)
      }
      guard case .clean(let end) = report.verdict else {
        Issue.record("seed \(seed): \(report.verdict)")
        continue
      }
      #expect(end.lastPosition == service.state.position)
      compare(service, replayed, seed)
    }
  }

  private func compare(_ live: RecordedService, _ replayed: RecordedService, _ seed: UInt64) {
    #expect(live.state.position == replayed.state.position, "seed \(seed)")
    #expect(live.state.settings == replayed.state.settings, "seed \(seed)")
    #expect(live.state.signingKeys == replayed.state.signingKeys, "seed \(seed)")
    #expect(live.state.usage.map(\.live) == replayed.state.usage.map(\.live), "seed \(seed)")
    let verdicts = live.verdicts
    #expect(live.tokens.count > 50 && Set(verdicts).count > 1, "seed \(seed)")
    #expect(live.verdicts(of: replayed.state) == verdicts, "seed \(seed)")
  }
}
