internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenStorage

/// `signetd --salvage`: keeps what can be read of a data directory that no start accepts. Damage
/// may cost people their sessions; it never brings a token back: everything that was issued so far
/// is revoked before the new journal is in place.
struct SalvageAction {
  let configuration: ServerConfiguration
  let console: MaintenanceConsole

  /// Does it, and says what was kept and what was not.
  func run() throws(StartError) -> ExitCode {
    let directory = configuration.dataDirectory
    let place = try MaintainedDirectory.open(configuration)
    let replacement = Replacement(place.disk, place.root)
    if try place.finish(replacement) {
      console.write("\(directory): finished what had been cut short; start signetd\n")
      return .ok
    }
    if try !isRefused(place) {
      console.write(
        "\(directory): a start goes on from here, so nothing was changed; start signetd\n")
      return .ok
    }
    return try salvage(place, replacement)
  }

  /// A directory on which a start would go on needs no salvage, and must not lose its sessions.
  private func isRefused(_ place: borrowing MaintainedDirectory) throws(StartError) -> Bool {
    var progress = MaintenanceProgress("reading \(configuration.dataDirectory)", console)
    let asAStart = RecoveryOptions(readsHeldSegments: false)
    let verification = JournalVerification(place.disk, place.root, asAStart) { position, last in
      progress.note(position, of: last)
    }
    progress.end()
    if case .refused = verification.report.verdict { return true }
    // Whether all can be performed as well; where not, nothing that a salvage kept would be right.
    let service = try ServiceAtRest(configuration.limits)
    let restored = Recovery.restore(place.disk, place.root, asAStart, into: service.arena) {
      service.makeState(at: $0)
    }
    if let refusal = restored.report.verdict.refusal { throw place.error(refusal) }
    return false
  }

  private func salvage(
    _ place: borrowing MaintainedDirectory, _ replacement: Replacement
  ) throws(StartError) -> ExitCode {
    let service = try ServiceAtRest(configuration.limits)
    var progress = MaintenanceProgress("reading \(configuration.dataDirectory)", console)
    defer { progress.end() }
    let report: SalvageReport
    do throws(RecoveryRefusal) {
      report = try Salvage.read(
        place.disk, place.root, into: service.arena, loaded: { service.begin(at: $0) },
        commit: { commit in
          service.apply(commit)
          progress.note(commit.position, of: 0)
        })
    } catch {
      throw place.error(error)
    }
    progress.end()
    try service.requireAll(of: configuration.dataDirectory)
    let now = max(SystemClock.realtimeMillis(), report.wallMillis)
    service.revokePast(nowMillis: now)
    let counts = service.countsText
    let quarantine = try place.replace(replacement, with: service, nowMillis: now)
    console.write(text(report, counts, quarantine))
    return .ok
  }

  private func text(
    _ report: SalvageReport, _ counts: String, _ quarantine: String?
  ) -> String {
    var lines = ["\(configuration.dataDirectory): salvaged up to position \(report.lastPosition)"]
    if let snapshot = report.snapshot {
      lines.append("kept: \(snapshot.file) and \(report.commitCount) commits after it")
    } else {
      lines.append("kept: \(report.commitCount) commits from the first on")
    }
    lines.append("kept: " + counts)
    lines += report.lost.map { "lost: \($0)" }
    lines.append("revoked: every token and code that was issued so far")
    lines.append(
      "check: changes after position \(report.lastPosition) are gone; disable users, regenerate "
        + "secrets and edit applications again where that had been done lately")
    if let quarantine {
      lines.append("the old files are in \(configuration.dataDirectory)/\(quarantine)")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
