internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenStorage

/// `signetd --verify`: says of a directory at rest what a start on it by its owner would say, file
/// by file. Nothing in it is changed.
struct Verification {
  let flags: MaintenanceFlags
  /// That of the start that is asked about; nil = the defaults.
  let configuration: ServerConfiguration?
  let console: MaintenanceConsole

  static func run(
    _ flags: MaintenanceFlags, _ configuration: ServerConfiguration? = nil,
    _ console: MaintenanceConsole = .standard()
  ) throws(StartError) -> ExitCode {
    try Verification(flags: flags, configuration: configuration, console: console).run()
  }

  private func run() throws(StartError) -> ExitCode {
    guard let path = flags.verifiedDirectory else { preconditionFailure("the flag names it") }
    var place = try VerificationPlace(path)
    let lock = try hold(place, path)
    defer { Self.release(lock) }
    let report = try report(LinuxDisk(path: path), &place)
    if flags.wantsJSON {
      console.write(report.json + "\n")
    } else {
      console.write(report.lines.map { $0 + "\n" }.joined())
      for refusal in report.refusals { console.log.error("\(path)/\(refusal)") }
    }
    return report.exitCode
  }

  private func report(
    _ disk: LinuxDisk, _ place: inout VerificationPlace
  ) throws(StartError) -> VerificationReport {
    let keyFile = flags.rootKeyFile ?? configuration?.rootKeyFile
    guard let root = try Self.rootKey(keyFile, orOf: place.owner) else {
      // A journal that nobody can read without its key, or nothing at all.
      return VerificationReport(place, disk.path, Recovery.refusalWithoutRootKey(disk))
    }
    if Backup.isBackup(disk) { return Self.report(backup: disk, root) }
    var progress = MaintenanceProgress("verifying \(disk.path)", console)
    let options = RecoveryOptions(nowMillis: SystemClock.realtimeMillis())
    let limits = configuration?.limits ?? ServerLimits(workers: 1)
    let verification = JournalVerification(
      disk, root, options, limits: TableSizes(limits).arenaLimits
    ) { position, last in
      progress.note(position, of: last)
    }
    progress.end()
    place.judge(
      read: verification.readFiles, written: verification.writtenFiles,
      removed: verification.removedFiles)
    return VerificationReport(place, disk.path, verification)
  }

  /// Nothing starts on a backup: whose it is, and who may read it, is not judged.
  private static func report(backup disk: LinuxDisk, _ root: RootKey) -> VerificationReport {
    do throws(RecoveryRefusal) {
      return VerificationReport(disk.path, try Backup.verify(disk, root))
    } catch {
      return VerificationReport(backup: disk.path, error)
    }
  }

  /// As the other `hold`; a lock file that is none is a finding, and no reason to look no further.
  private func hold(_ place: VerificationPlace, _ path: String) throws(StartError) -> FileLock? {
    do throws(StartError) {
      return try Self.hold(path)
    } catch {
      if error.code == .unreadable && !place.before.isEmpty { return nil }
      throw error
    }
  }

  /// The lock goes here, and not when it was last looked at.
  static func release(_ lock: borrowing FileLock?) {}

  /// Keeps a daemon from starting on the directory meanwhile, where there is a lock to take.
  static func hold(_ path: String) throws(StartError) -> FileLock? {
    let status: FileStatus?
    do throws(SystemError) {
      status = try FileStatus.ofPath(path)
    } catch {
      throw StartError(.unreadable, "directory: \(error)")
    }
    guard status != nil else {
      throw StartError(.unreadable, "\(path): there is no such directory; check the path")
    }
    do throws(FileLockError) {
      return try FileLock.acquireExisting(path: path + "/LOCK")
    } catch {
      switch error {
      case .held(_, let pid):
        let holder = pid.map { "process \($0)" } ?? "another process"
        throw StartError(
          .inUse, "directory \(path) is in use by \(holder); stop it first, or verify a backup")
      case .file(let error): throw StartError(.unreadable, "directory: \(error)")
      }
    }
  }

  /// The key in the file; nil where there is no file.
  ///
  /// - Parameter other: the file may be this user's as well, who is root where that is not said.
  static func rootKey(_ path: String?, orOf other: UInt32 = 0) throws(StartError) -> RootKey? {
    guard let path else { return nil }
    do throws(FileError) {
      let own = CurrentProcess.effectiveUserID
      let user = (try? FileStatus.ofPath(path))?.ownerID == other ? other : own
      let memory = try KeyFile.read(path: path, byteCount: RootKey.length, user: user)
      return unsafe memory.withBytes { bytes in
        let span = unsafe bytes.bindMemory(to: UInt8.self).span
        return RootKey(copying: span)
      }
    } catch .system(let error) where error.errno == .notFound {
      return nil
    } catch {
      throw StartError(.keyFile, "root key file: \(error)")
    }
  }
}

extension ExitCode {
  /// What a start that meets the refusal exits with; `.ok` without one.
  init(_ refusal: RecoveryRefusal?) {
    self = refusal.map { ExitCode(rawValue: $0.exitCode) ?? .damaged } ?? .ok
  }
}
