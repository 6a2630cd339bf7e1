import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// Backups, and what is made of them.
@Suite("Backup and restore")
struct BackupTests {
  /// What `signetd --restore` does.
  private func restore(
    _ scenario: DirectoryScenario, to disk: SimulatedDisk, newer: [String: [UInt8]]? = nil,
    keepsTokens: Bool = false
  ) throws {
    let root = JournalDriver.root
    let replacement = Replacement(disk, root)
    if try replacement.finish() { return }
    let service = LoadedService()
    let contents = try Backup.load(
      SimulatedDisk(files: scenario.backup), root, into: service.arena)
    service.begin(at: contents.manifest.position)
    if let newer {
      _ = try BackupUpdate.apply(SimulatedDisk(files: newer), root, since: contents) {
        service.apply($0)
      }
    }
    if !keepsTokens { service.revokePast(nowMillis: DirectoryScenario.nowMillis) }
    _ = try service.with { state in
      try replacement.replace(
        with: state, DirectoryScenario.options, wallMillis: DirectoryScenario.nowMillis)
    }
  }

  private func verdicts(_ disk: SimulatedDisk, _ scenario: DirectoryScenario) -> [TokenVerdict] {
    let (loaded, report) = LoadedService.start(disk)
    guard case .clean = report.verdict else {
      Issue.record("\(report.verdict)")
      return []
    }
    return loaded.with { scenario.service.verdicts(of: $0) }
  }

  @Test("a backup verifies, and no longer when a bit of it is changed or the key is another one")
  func verify() throws {
    let scenario = try DirectoryScenario()
    let contents = try Backup.verify(SimulatedDisk(files: scenario.backup), JournalDriver.root)
    #expect(contents.manifest.position == scenario.backupPosition)
    #expect(scenario.backup.keys.sorted() == ["MANIFEST", contents.manifest.snapshotName])
    var random = SplitMix64(8)
    for round in 0..<80 {
      var files = scenario.backup
      let name = files.keys.sorted()[round % 2]
      let bit = random.below(8 * (files[name]?.count ?? 1))
      files[name]?[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: RecoveryRefusal.self, "\(name), bit \(bit)") {
        _ = try Backup.verify(SimulatedDisk(files: files), JournalDriver.root)
      }
    }
    let other = try #require(RootKey(copying: [UInt8](repeating: 7, count: 32)))
    let error = try #require(throws: RecoveryRefusal.self) {
      _ = try Backup.verify(SimulatedDisk(files: scenario.backup), other)
    }
    #expect(error.exitCode == 66)
  }

  @Test("a backup without its manifest, its snapshot, or with another one's is none")
  func incomplete() throws {
    let scenario = try DirectoryScenario()
    let other = try DirectoryScenario(seed: 4)
    for name in scenario.backup.keys.sorted() {
      for foreign in [nil, other.backup[name] ?? other.backup.values.first] {
        var files = scenario.backup
        files[name] = foreign
        #expect(throws: RecoveryRefusal.self, "\(name)") {
          _ = try Backup.verify(SimulatedDisk(files: files), JournalDriver.root)
        }
      }
    }
  }

  @Test("a name is never used twice, and only plain names are taken")
  func names() throws {
    let service = RecordedService(seed: 5)
    for _ in 0..<30 { _ = service.step() }
    let disk = SimulatedDisk()
    func write(_ name: String) throws {
      guard let cut = service.state.beginSnapshot() else { preconditionFailure("one at a time") }
      _ = try Backup.write(
        cut, named: name, in: disk, JournalDriver.root, instance: Block128(word0: 1, word1: 2),
        wallMillis: 1)
    }
    try write("nightly-1")
    let files = disk.files
    #expect(throws: BackupError.exists) { try write("nightly-1") }
    for name in ["", ".hidden", "a/b", "..", "x.tmp", "ü", String(repeating: "a", count: 65)] {
      #expect(throws: BackupError.badName, "\(name)") { try write(name) }
    }
    #expect(disk.files == files)
  }

  @Test(
    "a crash at any call leaves no backup of the name, or a whole one, and the next try works",
    arguments: [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn])
  func crash(_ kind: DiskFault.Kind) throws {
    let service = RecordedService(seed: 5)
    for _ in 0..<60 { _ = service.step() }
    func write(_ disk: SimulatedDisk) throws {
      guard let cut = service.state.beginSnapshot() else { preconditionFailure("one at a time") }
      _ = try Backup.write(
        cut, named: "one", in: disk, JournalDriver.root, instance: Block128(word0: 1, word1: 2),
        wallMillis: 1)
    }
    let whole = SimulatedDisk()
    whole.keepsTrace = true
    try write(whole)
    let calls = (1...whole.callCount).filter { whole.isOwnCrash(kind, atCall: $0) }
    for call in calls {
      let disk = SimulatedDisk()
      disk.fault = DiskFault(atCall: call, kind)
      try? write(disk)
      for pattern in [LossPattern.loseAll, .keepAll, .random(UInt64(call))] {
        let next = disk.afterPowerCut(pattern)
        if !next.files.keys.contains("one/") { try write(next) }
        let contents = try Backup.verify(DiskFolder(next, "one"), JournalDriver.root)
        #expect(contents.manifest.position == service.state.position, "call \(call), \(pattern)")
      }
    }
    print("backup \(kind): \(calls.count) of \(whole.callCount) calls")
    #expect(calls.count >= 2)
  }

  @Test("an error leaves nothing behind", arguments: [Errno.noSpace, .inputOutput])
  func failure(_ errno: Errno) throws {
    let service = RecordedService(seed: 5)
    for _ in 0..<30 { _ = service.step() }
    for call in 2...12 {
      let disk = SimulatedDisk()
      disk.fault = DiskFault(atCall: call, .error(errno))
      guard let cut = service.state.beginSnapshot() else { preconditionFailure("one at a time") }
      _ = try? Backup.write(
        cut, named: "one", in: disk, JournalDriver.root, instance: Block128(word0: 1, word1: 2),
        wallMillis: 1)
      if disk.callCount >= call { #expect(disk.files.isEmpty, "call \(call)") }
    }
  }

  @Test("a restore revokes every token from before the backup and keeps the rest")
  func restored() throws {
    let scenario = try DirectoryScenario()
    let disk = SimulatedDisk()
    try restore(scenario, to: disk)
    let verdicts = verdicts(disk, scenario)
    #expect(!verdicts.isEmpty && !verdicts.contains(.live))
    let (loaded, _) = LoadedService.start(disk)
    let keys = loaded.with { $0.signingKeys.count }
    let apps = loaded.with { $0.usage.first { $0.name == "apps" }?.live ?? 0 }
    #expect(keys > 0 && apps > 0)
    #expect(loaded.with { $0.position } == scenario.backupPosition + 1)
  }

  @Test("with the newer journal tokens stay, and what was revoked after the backup stays revoked")
  func updated() throws {
    let scenario = try DirectoryScenario()
    let disk = SimulatedDisk()
    try restore(scenario, to: disk, newer: scenario.files, keepsTokens: true)
    let verdicts = verdicts(disk, scenario)
    #expect(verdicts == scenario.service.verdicts && verdicts.contains(.live))
  }

  @Test("a newer journal that is damaged, of another journal, or older than the backup is refused")
  func refusedUpdates() throws {
    let scenario = try DirectoryScenario()
    let other = try DirectoryScenario(seed: 4)
    var older = scenario.files
    for name in scenario.segments.dropFirst(2) { older[name] = nil }
    for newer in [scenario.damaged(segment: 3), other.files, older, [:]] {
      let disk = SimulatedDisk()
      #expect(throws: RecoveryRefusal.self) {
        try restore(scenario, to: disk, newer: newer, keepsTokens: true)
      }
      #expect(disk.files.isEmpty)
    }
  }

  @Test(
    "a restore that is cut short at any call leaves nothing, or all of it, or no start",
    arguments: [DiskFault.Kind.crashBefore, .crashAfter, .crashTorn])
  func cutShort(_ kind: DiskFault.Kind) throws {
    let scenario = try DirectoryScenario(steps: 40)
    let whole = SimulatedDisk()
    whole.keepsTrace = true
    try restore(scenario, to: whole)
    var (nothing, unfinished, all) = (0, 0, 0)
    let calls = DirectoryScenario.changingCalls(whole, kind)
    for call in calls {
      let disk = SimulatedDisk()
      disk.fault = DiskFault(atCall: call, kind)
      try? restore(scenario, to: disk)
      for pattern in [LossPattern?.none, .loseAll, .random(UInt64(call))] {
        let next = pattern.map { disk.afterPowerCut($0) } ?? disk.afterKill()
        let (loaded, report) = LoadedService.start(next)
        switch report.verdict {
        case .fresh:
          nothing += 1
          #expect(next.files.keys.allSatisfy(Replacement.isNothing(inside:)), "call \(call)")
        case .clean:
          all += 1
          #expect(loaded.with { $0.gates.position(of: .service) } == scenario.backupPosition + 1)
        case .refused(let refusal):
          unfinished += 1
          #expect(refusal.file == "UNFINISHED", "call \(call): \(refusal)")
        case .tornTail: Issue.record("call \(call): \(report.verdict)")
        }
        if case .clean = report.verdict, !next.files.keys.contains("UNFINISHED") { continue }
        try restore(scenario, to: next)
        #expect(!verdicts(next, scenario).contains(.live), "call \(call)")
      }
    }
    print(
      "restore \(kind): \(calls.count) calls, nothing \(nothing), \(unfinished), all \(all)")
    // Few calls are writes, which alone can be torn, and none of the last.
    #expect(nothing > 5 && (kind == .crashTorn || unfinished > 5 && all > 0))
  }
}

extension Replacement {
  /// The same of a path, by its first component.
  fileprivate static func isNothing(inside path: String) -> Bool {
    isNothing(String(path.split(separator: "/")[0]))
  }
}
