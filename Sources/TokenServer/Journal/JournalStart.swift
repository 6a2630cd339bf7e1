internal import LinuxIO
internal import TokenCore
internal import TokenStorage

/// A data directory that was read, and is ready to be written.
struct OpenedJournal: ~Copyable {
  var state: ServiceState
  /// nil where nothing is kept.
  var writer: JournalWriter?
  /// When the last entry was made; 0 = there is none.
  var recordedMillis: UInt64 = 0
  /// What the state was loaded from, before the journal.
  var snapshot: SnapshotSummary?
  /// Size of the segments that hold commits from after the snapshot.
  var journalBytes: UInt64 = 0
  /// Snapshots that are damaged.
  var distrusted: [String] = []
  /// What was there before the segment that the writer began.
  var endedSegments: [SegmentSummary] = []

  /// The state, to be kept elsewhere.
  consuming func takeState() -> ServiceState { state }
}

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
    if let refusal = Recovery.refusalWithoutRootKey(disk) { throw StartError(refusal, disk.path) }
  }

  /// The state that the data directory holds, and its journal opened for writing.
  ///
  /// - Parameter makeState: over the arena, from a snapshot's position on (nil = none).
  static func open(
    _ setup: ServiceSetup<LaneResult>, _ arena: Arena, makeState: (UInt64?) -> ServiceState
  ) throws(StartError) -> OpenedJournal {
    let disk = LinuxDisk(path: setup.configuration.dataDirectory)
    if setup.configuration.durability == .volatile {
      try refuseToIgnore(disk, setup.configuration)
      return OpenedJournal(state: makeState(nil))
    }
    let now = SystemClock.realtimeMillis()
    var restored = restore(disk, setup, now, arena, makeState)
    let report = restored.report
    for note in report.notes { setup.log.warning("data directory \(disk.path): \(note)") }
    var recordedMillis = report.snapshot?.wallMillis ?? 0
    switch report.verdict {
    case .refused(let refusal): throw StartError(refusal, disk.path)
    case .fresh: break
    case .clean(let end), .tornTail(let end, _):
      recordedMillis = max(recordedMillis, end.wallMillis)
    }
    guard let state = restored.takeState() else {
      preconditionFailure("what is not refused has a state")
    }
    let held = report.snapshot?.position ?? 0
    let behindSnapshot = report.segments.filter { $0.lastPosition > held }
      .reduce(0) { $0 + UInt64($1.byteCount) }
    return OpenedJournal(
      state: state, writer: try open(report.verdict, disk, setup, now),
      recordedMillis: recordedMillis, snapshot: report.snapshot, journalBytes: behindSnapshot,
      distrusted: report.distrustedSnapshots, endedSegments: report.segments)
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
          "\(tail.file), bytes \(tail.range.lowerBound)..<\(tail.range.upperBound): a write was "
            + "cut short; it is left out: no write that was cut short was acknowledged, but damage "
            + "to the end of a file can look the same")
        return try JournalWriter.open(
          disk, setup.rootKey, options, after: end, dropping: tail, wallMillis: now)
      case .refused: preconditionFailure("a refusal opens nothing")
      }
    } catch {
      throw StartError(
        .journalFailed,
        "data directory \(disk.path): \(error); mend that (a name that ends in .tmp may be "
          + "removed), and start again: nothing was lost")
    }
  }

  private static func restore(
    _ disk: LinuxDisk, _ setup: ServiceSetup<LaneResult>, _ nowMillis: UInt64, _ arena: Arena,
    _ makeState: (UInt64?) -> ServiceState
  ) -> Restoration {
    let progress = RecoveryProgress(setup.log, show: MaintenanceConsole.standardProgress)
    let options = RecoveryOptions(
      nowMillis: nowMillis, acceptsEarlierClock: setup.configuration.acceptsEarlierClock,
      readsHeldSegments: false)
    let restored = Recovery.restore(
      disk, setup.rootKey, options, into: arena, progress: progress.note(pages:of:),
      commit: progress.note(position:), makeState: makeState)
    progress.end()
    return restored
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
  /// - Parameter directory: the one that was read.
  init(_ refusal: RecoveryRefusal, _ directory: String) {
    self.init(ExitCode(refusal), "data directory \(directory): \(refusal)")
  }
}
