internal import LinuxIO
public import TokenCore
public import TokenCrypto

/// Backups: a directory with a snapshot and a manifest, which is the whole state at one position.
/// Without the root key nothing in it can be read.
public enum Backup {
  /// Whether a backup may be called so: 1 to 64 of `A-Z a-z 0-9 . _ -`, no dot first, no `.tmp` at
  /// the end.
  public static func isName(_ name: String) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && 1...64 ~= name.utf8.count && !name.hasPrefix(".")
      && !JournalNames.isTemporary(name)
  }

  /// Writes a backup while the service goes on; one at a time. It is made as `NAME.tmp/` and gets
  /// its name last, so under its name it is whole. The cut is ended in any case.
  ///
  /// - Parameters:
  ///   - name: see `isName`.
  ///   - directory: where backups lie.
  ///   - instance: of the journal.
  ///   - mark: the journal's last batch at or before the cut, where that is known.
  ///   - isReleased: asked before the backup gets its name, with its position; returns when all up
  ///     to it is durable, false to give up.
  ///   - progress: pages done, pages in all; false stops.
  public static func write(
    _ cut: SnapshotCut, named name: String, in directory: any Disk, _ root: RootKey,
    instance: Block128, wallMillis: UInt64, mark: SnapshotMark? = nil,
    isReleased: (UInt64) -> Bool = { _ in true },
    progress: (Int, Int) -> Bool = { _, _ in true }
  ) throws(BackupError) -> BackupManifest {
    defer { cut.end() }
    guard isName(name) else { throw .badName }
    let draft = name + ".tmp"
    do throws(SystemError) {
      let names = try directory.list()
      if names.contains(name) { throw SystemError(errno: .exists, call: "backup", path: name) }
      if names.contains(draft) { try remove(draft, directory) }
      try directory.makeDirectory(draft)
    } catch {
      throw BackupError(error)
    }
    do throws(BackupError) {
      let manifest = try fill(
        DiskFolder(directory, draft), cut, root, instance, wallMillis, mark, progress)
      guard isReleased(manifest.position) else { throw .snapshot(.stopped) }
      try finish(draft, name, directory)
      return manifest
    } catch {
      try? remove(draft, directory)
      throw error
    }
  }

  private static func fill(
    _ folder: DiskFolder, _ cut: SnapshotCut, _ root: RootKey, _ instance: Block128,
    _ wallMillis: UInt64, _ mark: SnapshotMark?, _ progress: (Int, Int) -> Bool
  ) throws(BackupError) -> BackupManifest {
    let written: WrittenSnapshot
    do throws(SnapshotError) {
      let writer = SnapshotWriter(folder, root, instance: instance)
      written = try writer.write(cut, wallMillis: wallMillis, mark: mark, progress: progress)
      try writer.publishAlone(written)
    } catch {
      throw .snapshot(error)
    }
    let manifest = BackupManifest(
      instance: instance, position: written.position, createdAtMillis: wallMillis,
      snapshotByteCount: written.byteCount, pageCount: written.pageCount,
      liveCounts: cut.tables.map(\.live))
    do throws(SystemError) {
      let file = try folder.create(BackupManifest.name)
      try file.writeWhole(manifest.encoded(JournalMAC(root)), at: 0)
      try file.sync()
      try folder.syncDirectory()
      return manifest
    } catch {
      throw BackupError(error)
    }
  }

  private static func finish(
    _ draft: String, _ name: String, _ directory: any Disk
  ) throws(BackupError) {
    do throws(SystemError) {
      try directory.rename(draft, to: name)
      try directory.syncDirectory()
    } catch {
      throw BackupError(error)
    }
  }

  private static func remove(_ draft: String, _ directory: any Disk) throws(SystemError) {
    for file in try directory.list(in: draft) { try directory.unlink(draft + "/" + file) }
    try directory.removeDirectory(draft)
  }
}

/// Why there is no backup. Nothing is under its name; what the service keeps is not touched.
public enum BackupError: Error, Equatable, Sendable, CustomStringConvertible {
  case badName
  /// There is a backup of that name, which is never replaced.
  case exists
  case snapshot(SnapshotError)

  init(_ error: SystemError) {
    self = error.errno == .exists ? .exists : .snapshot(SnapshotError(error))
  }

  public var description: String {
    switch self {
    case .badName: "a backup's name is 1 to 64 of A-Z a-z 0-9 . _ - and begins with no dot"
    case .exists: "there is a backup of that name; choose another one"
    case .snapshot(let error): error.description
    }
  }
}
