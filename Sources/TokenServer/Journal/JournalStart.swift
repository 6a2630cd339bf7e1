internal import LinuxIO
internal import TokenCore
internal import TokenStorage

/// What happens to the data directory before the service begins.
enum JournalStart {
  /// Refuses to draw a new root key where a journal lies that was written with another.
  static func refuseWithoutRootKey(_ configuration: ServerConfiguration) throws(StartError) {
    do throws(SystemError) {
      _ = try FileSystem.realPath(configuration.rootKeyFile)
      return
    } catch  where error.errno != .notFound {
      // The key file's own checks say what is wrong with it.
      return
    } catch {}
    let disk = LinuxDisk(path: configuration.dataDirectory)
    if let refusal = Recovery.refusalWithoutRootKey(disk) { throw StartError(refusal) }
  }

  /// Reads the journal into the fresh state and opens it for writing; nil where nothing is kept.
  static func recover(
    _ setup: ServiceSetup<LaneResult>, _ state: inout ServiceState
  ) throws(StartError) -> JournalWriter? {
    let disk = LinuxDisk(path: setup.configuration.dataDirectory)
    if setup.configuration.durability == .volatile {
      try refuseToIgnore(disk, setup.configuration)
      return nil
    }
    let now = SystemClock.realtimeMillis()
    let report = read(disk, setup, now, &state)
    for note in report.notes { setup.log.warning("data directory: \(note)") }
    if case .refused(let refusal) = report.verdict { throw StartError(refusal) }
    return try open(report.verdict, disk, setup, now)
  }

  private static func open(
    _ verdict: RecoveryVerdict, _ disk: LinuxDisk, _ setup: ServiceSetup<LaneResult>,
    _ now: UInt64
  ) throws(StartError) -> JournalWriter {
    let options = JournalSettings(setup.configuration).options
    do throws(SystemError) {
      switch verdict {
      case .fresh(let leftovers):
        return try JournalWriter.create(
          disk, setup.rootKey, options, leftovers: leftovers, wallMillis: now)
      case .clean(let end):
        return try JournalWriter.open(disk, setup.rootKey, options, after: end, wallMillis: now)
      case .tornTail(let end, let tail):
        setup.log.notice(
          "\(tail.file), bytes \(tail.range.lowerBound) to \(tail.range.upperBound - 1): a write was "
            + "cut short; it was never acknowledged, and it is left out")
        return try JournalWriter.open(disk, setup.rootKey, options, after: end, wallMillis: now)
      case .refused: preconditionFailure("a refusal opens nothing")
      }
    } catch {
      throw StartError(.journalFailed, "data directory \(disk.path): \(error)")
    }
  }

  private static func read(
    _ disk: LinuxDisk, _ setup: ServiceSetup<LaneResult>, _ nowMillis: UInt64,
    _ state: inout ServiceState
  ) -> RecoveryReport {
    var progress = RecoveryProgress(setup.log)
    let report = Recovery.read(disk, setup.rootKey, RecoveryOptions(nowMillis: nowMillis)) {
      state.apply($0.effects, at: $0.position)
      progress.note(position: $0.position)
    }
    progress.end()
    return report
  }

  /// A journal that is there is not to be forgotten by a changed line.
  private static func refuseToIgnore(
    _ disk: LinuxDisk, _ configuration: ServerConfiguration
  ) throws(StartError) {
    guard Recovery.refusalWithoutRootKey(disk) != nil else { return }
    throw StartError(
      .usage,
      "durability = volatile, and \(disk.path) holds a journal that it would ignore; use another "
        + "data-directory, or durability = durable")
  }
}

extension StartError {
  init(_ refusal: RecoveryRefusal) {
    self.init(ExitCode(rawValue: refusal.exitCode) ?? .damaged, "data directory: \(refusal)")
  }
}
