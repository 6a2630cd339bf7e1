public import LinuxIO
public import TokenCore
public import TokenCrypto

/// Puts a new journal into the place of whatever a directory holds. Cut short at any call it leaves
/// the old directory, or the new one, or one on which nothing starts until the work is asked for
/// again, which then goes on where it stopped.
///
/// The new files are made in `replacement.tmp/`. The file `UNFINISHED` decides; then old files move
/// into `quarantine-<seconds>/`, new ones move in, and `UNFINISHED` goes.
public struct Replacement: Sendable {
  private let disk: any Disk
  private let root: RootKey

  /// - Parameter disk: held by its lock; nobody else writes to it.
  public init(_ disk: any Disk, _ root: RootKey) {
    self.disk = disk
    self.root = root
  }

  /// Whether a name in a directory means nothing: it is as good as empty.
  public static func isNothing(_ name: String) -> Bool {
    [
      "LOCK", "lost+found", JournalNames.replacement, JournalNames.preparedUnfinished,
      JournalNames.removed,
    ].contains(name)
  }

  /// Where the new journal is to be made: a directory that is there and empty. Nothing counts
  /// before `commit`.
  public func begin() throws(SystemError) -> DiskFolder {
    let isUnfinished = try disk.list().contains(JournalNames.unfinished)
    precondition(!isUnfinished, "finish the other one first")
    try clear()
    try disk.makeDirectory(JournalNames.replacement)
    return DiskFolder(disk, JournalNames.replacement)
  }

  /// Throws away what was made and not committed.
  public func clear() throws(SystemError) {
    guard try disk.list().contains(JournalNames.replacement) else { return }
    for name in try disk.list(in: JournalNames.replacement) {
      try disk.unlink(JournalNames.replacement + "/" + name)
    }
    try disk.removeDirectory(JournalNames.replacement)
  }

  /// Puts the journal that lies in `replacement.tmp/`, whole and synced, into place.
  ///
  /// - Parameters:
  ///   - instance: the new journal's.
  ///   - unixSeconds: for the name of the quarantine.
  /// - Returns: the directory that the old files are in; nil where there were none.
  public func commit(instance: Block128, unixSeconds: UInt64) throws(SystemError) -> String? {
    try disk.syncDirectory(JournalNames.replacement)
    let names = try disk.list()
    var mark = ReplacementMark(
      instance: instance, step: .movingOut, quarantineSeconds: unixSeconds)
    while names.contains(mark.quarantineName) { mark.quarantineSeconds += 1 }
    guard names.contains(where: JournalNames.isReplaced) else {
      mark.step = .movingIn
      try write(mark)
      try moveIn()
      return nil
    }
    try disk.makeDirectory(mark.quarantineName)
    try write(mark)
    try moveOut(mark)
    try moveIn()
    return mark.quarantineName
  }

  /// Writes the state as a new journal and puts it into place.
  ///
  /// - Parameter progress: pages done, pages in all.
  /// - Returns: the directory that the old files are in; nil where there were none.
  public func replace(
    with state: borrowing ServiceState, _ options: JournalOptions, wallMillis: UInt64,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ReplacementError) -> String? {
    let folder: DiskFolder
    do throws(SystemError) {
      folder = try begin()
    } catch {
      throw .failed(error)
    }
    let instance = try NewJournal.write(
      state, to: folder, root, options, wallMillis: wallMillis, progress: progress)
    do throws(SystemError) {
      return try commit(instance: instance, unixSeconds: wallMillis / 1_000)
    } catch {
      throw .failed(error)
    }
  }

  /// Goes on with one that was cut short after it had been decided. False where there is none.
  public func finish() throws(ReplacementError) -> Bool {
    let bytes: [UInt8]
    do throws(SystemError) {
      guard try disk.list().contains(JournalNames.unfinished) else { return false }
      let file = try disk.open(JournalNames.unfinished, isWritable: false)
      bytes = try file.read(byteCount: journalBlockBytes, at: 0)
    } catch {
      throw .refused(.unreadable(JournalNames.unfinished, error))
    }
    let mark: ReplacementMark
    do throws(BlockFault) {
      mark = try ReplacementMark(bytes, JournalMAC(root))
    } catch {
      throw .refused(.block(JournalNames.unfinished, 0, "the mark of unfinished work", error))
    }
    try requireNewJournal(mark)
    do throws(SystemError) {
      if mark.step == .movingOut { try moveOut(mark) }
      try moveIn()
    } catch {
      throw .failed(error)
    }
    return true
  }

  /// Refuses to go on when the new journal is gone: what is left would be no journal, and a start
  /// on it would begin anew with nothing.
  private func requireNewJournal(_ mark: ReplacementMark) throws(ReplacementError) {
    var instance: Block128?
    do throws(SystemError) {
      var isStillApart = try disk.list().contains(JournalNames.replacement)
      if isStillApart {
        isStillApart = try disk.list(in: JournalNames.replacement).contains(JournalNames.format)
      }
      let name = (isStillApart ? JournalNames.replacement + "/" : "") + JournalNames.format
      let bytes = try disk.open(name, isWritable: false).read(
        byteCount: journalBlockBytes, at: 0)
      instance = (try? FormatBlock(bytes, JournalMAC(root)))?.instance
    } catch {
      if error.errno != .notFound { throw .failed(error) }
    }
    guard instance == mark.instance else {
      throw .refused(
        .damaged(
          JournalNames.replacement,
          "the new journal that was to take the directory's place is not here",
          "move the files back from \(mark.quarantineName), remove \(JournalNames.unfinished), and "
            + "give the command again"))
    }
  }

  private func moveOut(_ mark: ReplacementMark) throws(SystemError) {
    for name in try disk.list() where JournalNames.isReplaced(name) {
      try disk.rename(name, to: mark.quarantineName + "/" + name)
    }
    // The new names first: at no time is a file without one.
    try disk.syncDirectory(mark.quarantineName)
    try disk.syncDirectory()
    var next = mark
    next.step = .movingIn
    try write(next)
  }

  private func moveIn() throws(SystemError) {
    if try disk.list().contains(JournalNames.replacement) {
      for name in try disk.list(in: JournalNames.replacement) {
        try disk.rename(JournalNames.replacement + "/" + name, to: name)
      }
      try disk.syncDirectory()
      try disk.syncDirectory(JournalNames.replacement)
      try disk.removeDirectory(JournalNames.replacement)
      try disk.syncDirectory()
    }
    try disk.unlink(JournalNames.unfinished)
    try disk.syncDirectory()
  }

  /// Whole and on the disk, or as before.
  private func write(_ mark: ReplacementMark) throws(SystemError) {
    let draft = JournalNames.preparedUnfinished
    if try disk.list().contains(draft) { try disk.unlink(draft) }
    let file = try disk.create(draft)
    try file.writeWhole(mark.encoded(JournalMAC(root)), at: 0)
    try file.sync()
    try disk.rename(draft, to: JournalNames.unfinished)
    try disk.syncDirectory()
  }
}

/// Why a directory was not replaced.
public enum ReplacementError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What there is cannot be used.
  case refused(RecoveryRefusal)
  /// A call failed. Ask for the same work again: it begins anew, or goes on.
  case failed(SystemError)
  /// The state could not be written; what there was is as before.
  case snapshot(SnapshotError)

  public var description: String {
    switch self {
    case .refused(let refusal): refusal.description
    case .failed(let error): "\(error); mend that, and give the same command again"
    case .snapshot(let error): error.description
    }
  }
}
