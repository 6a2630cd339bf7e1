internal import LinuxIO
internal import TokenCore
internal import TokenStorage

/// `signetd --restore`: fills an empty data directory from a backup. A backup knows nothing of what
/// was revoked after it, so everything issued before it is revoked, unless a newer data directory
/// tells what was.
struct RestorationAction {
  let configuration: ServerConfiguration
  let flags: MaintenanceFlags
  let console: MaintenanceConsole

  /// Does it, and says what there is now.
  func run() throws(StartError) -> ExitCode {
    guard let path = flags.backupDirectory else { preconditionFailure("the flag names it") }
    let directory = configuration.dataDirectory
    let place = try MaintainedDirectory.open(configuration)
    let replacement = Replacement(place.disk, place.root)
    if try place.finish(replacement) {
      // It may have been another backup, or one whose tokens were kept.
      throw StartError(
        .usage,
        "\(directory): finished what an earlier --salvage or --restore had begun; this command was "
          + "not carried out: start signetd if it was the same, else empty the directory and give "
          + "it again")
    }
    try refuseUnlessEmpty(place)
    let service = try ServiceAtRest(configuration.limits)
    let contents: BackupContents
    do throws(RecoveryRefusal) {
      contents = try Backup.load(LinuxDisk(path: path), place.root, into: service.arena)
    } catch {
      throw StartError(ExitCode(error), "\(path)/\(error)")
    }
    service.begin(at: contents.manifest.position)
    let last = try update(service, contents, place)
    let now = max(SystemClock.realtimeMillis(), contents.manifest.createdAtMillis)
    if !flags.keepsTokens { service.revokePast(nowMillis: now) }
    _ = try place.replace(replacement, with: service, nowMillis: now)
    console.write(text(contents, last))
    return .ok
  }

  private func refuseUnlessEmpty(_ place: borrowing MaintainedDirectory) throws(StartError) {
    let names: [String]
    do throws(SystemError) {
      names = try place.disk.list()
    } catch {
      throw StartError(.unreadable, "data directory: \(error)")
    }
    guard let name = names.first(where: { !Replacement.isNothing($0) }) else { return }
    throw StartError(
      .usage,
      "data directory \(configuration.dataDirectory) holds \(name); a backup is restored into an "
        + "empty one: move what is there away, or name another data-directory")
  }

  /// Applies what a newer data directory knows. Returns the last position.
  private func update(
    _ service: ServiceAtRest, _ contents: BackupContents, _ place: borrowing MaintainedDirectory
  ) throws(StartError) -> UInt64 {
    guard let path = flags.revocationsDirectory else { return contents.manifest.position }
    let lock = try Verification.hold(path)
    defer { Verification.release(lock) }
    var progress = MaintenanceProgress("reading \(path)", console)
    defer { progress.end() }
    let last: UInt64
    do throws(RecoveryRefusal) {
      last = try BackupUpdate.apply(
        LinuxDisk(path: path), place.root, since: contents
      ) { commit in
        service.apply(commit)
        progress.note(commit.position, of: 0)
      }
    } catch {
      throw StartError(ExitCode(error), "\(path)/\(error)")
    }
    try service.requireAll(of: path)
    return last
  }

  private func text(_ contents: BackupContents, _ last: UInt64) -> String {
    let manifest = contents.manifest
    var lines = [
      "\(configuration.dataDirectory): restored from \(flags.backupDirectory ?? "")",
      "backup: position \(manifest.position), \(manifest.countsText)",
    ]
    if let path = flags.revocationsDirectory {
      lines.append("applied: positions \(manifest.position + 1) to \(last) of \(path)")
    }
    lines.append(
      flags.keepsTokens
        ? "kept: every token that was not revoked up to position \(last)"
        : "revoked: every token and code that was issued up to position \(last)")
    return lines.map { $0 + "\n" }.joined()
  }
}
