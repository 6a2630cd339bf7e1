internal import LinuxIO
public import TokenCore
public import TokenCrypto

extension Backup {
  /// Whether a directory is a backup, or what is left of one, and no journal.
  public static func isBackup(_ disk: any Disk) -> Bool {
    guard let names = try? disk.list() else { return false }
    return names.contains(BackupManifest.name) && !names.contains(JournalNames.format)
  }

  /// Checks every byte of a backup. Nothing is changed.
  public static func verify(
    _ disk: any Disk, _ root: RootKey, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(RecoveryRefusal) -> BackupContents {
    try read(disk, root, into: nil, progress: progress)
  }

  /// Fills an arena.
  ///
  /// - Parameters:
  ///   - arena: holds nothing yet; its tables may be larger than those of the backup.
  ///   - progress: pages read, pages in all.
  public static func load(
    _ disk: any Disk, _ root: RootKey, into arena: Arena,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(RecoveryRefusal) -> BackupContents {
    try read(disk, root, into: arena, progress: progress)
  }

  private static func read(
    _ disk: any Disk, _ root: RootKey, into arena: Arena?, progress: (Int, Int) -> Void
  ) throws(RecoveryRefusal) -> BackupContents {
    let manifest = try manifest(disk, root)
    let summary: SnapshotSummary
    do throws(SnapshotFault) {
      summary = try SnapshotReader.read(
        disk, manifest.snapshotName, root, instance: manifest.instance, into: arena,
        progress: progress)
    } catch {
      throw error.refusal
    }
    guard summary.byteCount == manifest.snapshotByteCount,
      summary.pageCount == manifest.pageCount, summary.tables.map(\.live) == manifest.liveCounts
    else {
      throw .damaged(
        manifest.snapshotName, 0, "it is another snapshot than the one that MANIFEST names",
        "use another backup, or put the right file back")
    }
    return BackupContents(manifest: manifest, snapshot: summary)
  }

  private static func manifest(
    _ disk: any Disk, _ root: RootKey
  ) throws(RecoveryRefusal) -> BackupManifest {
    let bytes: [UInt8]
    var isThere = false
    do throws(SystemError) {
      isThere = try disk.list().contains(BackupManifest.name)
    } catch {
      throw .unreadable(".", error)
    }
    guard isThere else {
      throw .damaged(
        BackupManifest.name, "the file is missing: this is no whole backup",
        "name a directory that BACKUP made")
    }
    do throws(SystemError) {
      let file = try disk.open(BackupManifest.name, isWritable: false)
      bytes = try file.read(byteCount: journalBlockBytes, at: 0)
    } catch {
      throw .unreadable(BackupManifest.name, error)
    }
    do throws(BlockFault) {
      return try BackupManifest(bytes, JournalMAC(root))
    } catch {
      throw .block(BackupManifest.name, 0, "the manifest", error)
    }
  }
}

/// A backup that was read.
public struct BackupContents: Equatable, Sendable {
  public var manifest: BackupManifest
  public var snapshot: SnapshotSummary

  /// Its two files, for reports.
  public var files: [VerifiedFile] { [VerifiedFile(manifest), VerifiedFile(snapshot)] }
}

extension VerifiedFile {
  init(_ manifest: BackupManifest) {
    self.init(
      BackupManifest.name, .manifest,
      ["position": manifest.position, "createdAtMillis": manifest.createdAtMillis],
      "backup of journal \(manifest.instance.hexText) at position \(manifest.position), made "
        + utcText(manifest.createdAtMillis))
  }
}
