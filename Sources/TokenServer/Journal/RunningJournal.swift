internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenCrypto
internal import TokenStorage

/// The journal's threads of a running daemon.
final class RunningJournal: Sendable {
  let sink: JournalSink
  let health: JournalHealth
  let snapshots: SnapshotThread
  private let preparer: SegmentPreparer
  private let threads: Mutex<Threads?>

  private struct Threads: ~Copyable, Sendable {
    var writing: SystemThread
    var preparing: SystemThread
    var snapshots: SystemThread
  }

  /// Who waits for a snapshot or a backup.
  var cuts: SnapshotQueue { snapshots.queue }

  /// Starts what runs a journal; nil where there is none.
  static func start(
    _ opened: inout OpenedJournal, _ setup: ServiceSetup<LaneResult>, instance: Block128,
    clock: SharedClock
  ) throws(SystemError) -> RunningJournal? {
    guard let writer = opened.writer.take() else { return nil }
    return try RunningJournal(writer, opened, setup, instance: instance, clock: clock)
  }

  /// Starts the threads. What is not given is the configuration's, and the process's.
  init(
    _ writer: consuming JournalWriter, _ opened: borrowing OpenedJournal,
    _ setup: ServiceSetup<LaneResult>, instance: Block128,
    clock: SharedClock = SharedClock(), disk: (any Disk)? = nil,
    settings: JournalSettings? = nil, health: JournalHealth = JournalHealth(),
    queueCapacity: Int = JournalLimits.queuedWeightMax,
    stopProcess: (@Sendable (String) -> Void)? = nil
  ) throws(SystemError) {
    let gates = opened.state.gates
    let disk = disk ?? LinuxDisk(path: setup.configuration.dataDirectory)
    let settings = settings ?? JournalSettings(setup.configuration)
    let queue = try JournalQueue(capacity: queueCapacity)
    let log = setup.log
    let stopProcess =
      stopProcess ?? { reason in
        log.error(reason)
        CurrentProcess.exitAtOnce(ExitCode.journalFailed.rawValue)
      }
    self.health = health
    // Before the lane can ask.
    health.note(last: writer.lastBatch)
    if writer.isDiskFull { health.state(.denialsOnly) }
    sink = JournalSink(
      queue: queue, health: health, gates: gates, inboxes: setup.inboxes, stopProcess: stopProcess)
    let preparer = try SegmentPreparer(
      disk, settings.options, ended: opened.endedSegments
    ) { queue.put($0) }
    let snapshots = SnapshotThread(
      queue: try SnapshotQueue(
        settings.schedule(after: opened.snapshot, foundBytes: opened.journalBytes),
        journal: health),
      health: SnapshotHealth(after: opened.snapshot), journal: health, clock: clock,
      place: SnapshotPlace(
        disk: disk, root: setup.rootKey, instance: instance,
        backupDirectory: setup.configuration.backupDirectory),
      distrusted: opened.distrusted, inboxes: setup.inboxes, log: log)
    self.snapshots = snapshots
    self.preparer = preparer
    let thread = JournalThread(
      queue: queue, health: health, preparer: preparer, gates: gates, inboxes: setup.inboxes,
      settings: settings, clock: clock, log: log, stopProcess: stopProcess)
    let handed = HandedWriter(writer)
    threads = Mutex(
      Threads(
        writing: try SystemThread.spawn(name: "journal") { thread.run(handed.take()) },
        preparing: try SystemThread.spawn(name: "segments") { preparer.run() },
        snapshots: try SystemThread.spawn(name: "snapshots") { snapshots.run() }))
  }

  /// Writes what is left, seals the journal and ends the threads. Once, when the lane has ended.
  func stop() {
    let taken = threads.withLock { $0.take() }
    guard let taken else { return }
    snapshots.stop()
    taken.snapshots.join()
    sink.queue.stop()
    taken.writing.join()
    preparer.stop()
    taken.preparing.join()
  }
}

/// Carries the writer to the thread that owns it from then on.
///
/// Unchecked: it is filled before the thread is made and emptied by that thread only.
private final class HandedWriter: @unchecked Sendable {
  private var writer: JournalWriter?

  init(_ writer: consuming JournalWriter) { self.writer = consume writer }

  func take() -> JournalWriter {
    guard let writer = writer.take() else { preconditionFailure("the journal starts once") }
    return writer
  }
}
