internal import LinuxIO
internal import TokenCrypto
internal import TokenStorage

/// `signetd --verify`: says of a directory at rest what a start on it would say, file by file.
/// Nothing in it is changed.
enum Verification {
  static func run(
    _ flags: MaintenanceFlags, _ console: MaintenanceConsole = .standard()
  ) throws(StartError) -> ExitCode {
    guard let path = flags.verifiedDirectory else { preconditionFailure("the flag names it") }
    let lock = try hold(path)
    defer { Self.release(lock) }
    let disk = LinuxDisk(path: path)
    guard let root = try rootKey(flags.rootKeyFile) else {
      return try withoutRootKey(disk, flags, console)
    }
    if Backup.isBackup(disk) {
      let found = report(backup: disk, root)
      report(found, flags, console)
      return ExitCode(found.refusal)
    }
    var progress = MaintenanceProgress("verifying \(path)", console)
    let options = RecoveryOptions(nowMillis: SystemClock.realtimeMillis())
    let verification = JournalVerification(disk, root, options) { position, last in
      progress.note(position, of: last)
    }
    progress.end()
    report(VerificationReport(path, verification), flags, console)
    return ExitCode(verification.refusal)
  }

  /// A journal that nobody can read without its key, or nothing at all.
  private static func withoutRootKey(
    _ disk: LinuxDisk, _ flags: MaintenanceFlags, _ console: MaintenanceConsole
  ) throws(StartError) -> ExitCode {
    let refusal = Recovery.refusalWithoutRootKey(disk)
    report(VerificationReport(disk.path, refusal), flags, console)
    return ExitCode(refusal)
  }

  private static func report(backup disk: LinuxDisk, _ root: RootKey) -> VerificationReport {
    do throws(RecoveryRefusal) {
      return VerificationReport(disk.path, try Backup.verify(disk, root))
    } catch {
      return VerificationReport(disk.path, error)
    }
  }

  private static func report(
    _ report: VerificationReport, _ flags: MaintenanceFlags, _ console: MaintenanceConsole
  ) {
    if flags.wantsJSON {
      console.write(report.json + "\n")
    } else {
      console.write(report.lines.map { $0 + "\n" }.joined())
      if let refusal = report.refusal { console.log.error("\(report.directory)/\(refusal)") }
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
  static func rootKey(_ path: String?) throws(StartError) -> RootKey? {
    guard let path else { return nil }
    do throws(FileError) {
      let memory = try KeyFile.read(path: path, byteCount: RootKey.length)
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
