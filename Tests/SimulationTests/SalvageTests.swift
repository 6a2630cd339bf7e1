import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// Salvage keeps what it can and revokes everything; it leaves the old directory, the new one, or
/// one on which nothing starts.
@Suite("Salvage")
struct SalvageTests {
  /// What `signetd --salvage` does.
  private func salvage(_ disk: SimulatedDisk) throws -> SalvageReport? {
    let replacement = Replacement(disk, JournalDriver.root)
    if try replacement.finish() { return nil }
    let service = LoadedService()
    let report = try Salvage.read(
      disk, JournalDriver.root, into: service.arena, loaded: { service.begin(at: $0) },
      commit: { service.apply($0) })
    service.revokePast(nowMillis: DirectoryScenario.nowMillis)
    _ = try service.with { state in
      try replacement.replace(
        with: state, DirectoryScenario.options, wallMillis: DirectoryScenario.nowMillis)
    }
    return report
  }

  /// A start gives the new journal: whole, and with no token good.
  private func expectNew(
    _ disk: SimulatedDisk, _ scenario: DirectoryScenario, position: UInt64, _ what: String
  ) {
    let (loaded, report) = LoadedService.start(disk)
    guard case .clean(let end) = report.verdict else {
      Issue.record("\(what): \(report.verdict)")
      return
    }
    #expect(end.lastPosition == position && report.notes.isEmpty, "\(what)")
    loaded.with { state in
      #expect(state.gates.position(of: .service) == position)
      #expect(!scenario.service.verdicts(of: state).contains(.live), "\(what): a token lives")
    }
  }

  @Test("what lies before the damage is kept, and no token of before is good")
  func kept() throws {
    let scenario = try DirectoryScenario()
    #expect(scenario.service.verdicts.contains(.live) && scenario.segments.count > 3)
    for segment in scenario.segments.indices {
      let disk = SimulatedDisk(files: scenario.damaged(segment: segment))
      let (_, before) = LoadedService.start(disk)
      guard case .refused = before.verdict else {
        Issue.record("segment \(segment): \(before.verdict)")
        continue
      }
      let report = try #require(try salvage(disk))
      #expect(report.lastPosition == report.commitCount && !report.lost.isEmpty)
      #expect(report.lost[0].contains(scenario.segments[segment]))
      expectNew(disk, scenario, position: report.lastPosition + 1, "segment \(segment)")
      // The old files are put aside, byte for byte.
      let kept = disk.files.filter { $0.key.hasPrefix("quarantine-") && !$0.key.hasSuffix("/") }
      let old = Dictionary(
        uniqueKeysWithValues: kept.map { (String($0.key.split(separator: "/")[1]), $0.value) })
      #expect(old == scenario.damaged(segment: segment))
    }
  }

  @Test("missing files: FORMAT, the witness, a segment in the middle")
  func missing() throws {
    let scenario = try DirectoryScenario()
    for name in ["FORMAT", "witness", scenario.segments[2]] {
      var files = scenario.files
      files[name] = nil
      let disk = SimulatedDisk(files: files)
      let report = try #require(try salvage(disk))
      if name != scenario.segments[2] {
        #expect(report.lastPosition == scenario.service.state.position, "\(name)")
      }
      expectNew(disk, scenario, position: report.lastPosition + 1, name)
    }
  }

  @Test("another root key, or nothing to keep, is a refusal that changes nothing")
  func refused() throws {
    let scenario = try DirectoryScenario()
    var files = scenario.files
    files[scenario.segments[0]]?[10] ^= 1
    let disk = SimulatedDisk(files: files)
    let error = try #require(throws: RecoveryRefusal.self) { _ = try salvage(disk) }
    #expect(error.exitCode == 65 && disk.files == files)
    let other = try #require(RootKey(copying: [UInt8](repeating: 7, count: 32)))
    let forged = try #require(throws: RecoveryRefusal.self) {
      _ = try Salvage.read(
        disk, other, into: LoadedService().arena, loaded: { _ in }, commit: { _ in })
    }
    #expect(forged.exitCode == 66)
  }

  @Test(
    "cut short at any call it leaves the old directory, the new one, or one that does not start",
    arguments: [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn])
  func everyCall(_ kind: DiskFault.Kind) throws {
    let scenario = try DirectoryScenario(steps: 40)
    let files = scenario.damaged(segment: 2)
    let whole = SimulatedDisk(files: files)
    whole.keepsTrace = true
    let position = try #require(try salvage(whole)).lastPosition + 1
    var (old, unfinished, new) = (0, 0, 0)
    let calls = DirectoryScenario.changingCalls(whole, kind)
    for call in calls {
      let disk = SimulatedDisk(files: files)
      disk.fault = DiskFault(atCall: call, kind)
      _ = try? salvage(disk)
      for pattern in [LossPattern?.none, .loseAll, .random(UInt64(call))] {
        let what = "call \(call), \(pattern.map { "\($0)" } ?? "kill")"
        let next = pattern.map { disk.afterPowerCut($0) } ?? disk.afterKill()
        let (_, report) = LoadedService.start(next)
        switch report.verdict {
        case .refused(let refusal) where refusal.file == "UNFINISHED": unfinished += 1
        case .refused:
          old += 1
          let kept = next.files.filter { files[$0.key] != nil }
          #expect(kept == files, "\(what): part of the old directory is gone")
        case .clean: new += 1
        case .fresh, .tornTail: Issue.record("\(what): \(report.verdict)")
        }
        // The same command again brings it to the end.
        if case .clean = report.verdict, !next.files.keys.contains("UNFINISHED") {
          expectNew(next, scenario, position: position, what)
        } else {
          _ = try salvage(next)
          expectNew(next, scenario, position: position, "\(what), again")
        }
      }
    }
    print("salvage \(kind): \(calls.count) calls, old \(old), none \(unfinished), new \(new)")
    // Few calls are writes, which alone can be torn, and none of the last.
    #expect(old > 5 && (kind == .crashTorn || unfinished > 5 && new > 0))
  }
}
