internal import LinuxIO
internal import TokenCore
internal import TokenStorage
internal import TokenWire

extension SnapshotThread {
  /// Writes the cut as a backup of that name under the configured directory.
  func backup(_ cut: SnapshotCut, _ mark: SnapshotMark?, _ name: String) -> Result {
    guard let backups else {
      cut.end()
      return .failed(.notDurable, "no backup-directory is configured")
    }
    do throws(FileError) {
      try Directory.create(path: backups.path, modeBits: 0o700)
      try Directory.requireTrusted(path: backups.path, forbiddenBits: 0o077)
    } catch {
      cut.end()
      return .failed(.notDurable, "backup directory: \(error)")
    }
    do throws(BackupError) {
      let manifest = try Backup.write(
        cut, named: name, in: backups, place.root, instance: place.instance,
        wallMillis: clock.trustedMillis(), mark: mark, isReleased: waitUntilDurable,
        progress: progress)
      let path = "\(backups.path)/\(name)"
      log.info("backup \(path) at position \(manifest.position)")
      return .written(
        .backup(position: manifest.position, path: path), position: manifest.position,
        byteCount: manifest.snapshotByteCount)
    } catch {
      return failure(error)
    }
  }

  private func failure(_ error: BackupError) -> Result {
    switch error {
    case .badName, .exists: .failed(.invalidField, error.description, field: "name")
    case .snapshot(.abandoned): .abandoned
    case .snapshot(.stopped): .failed(.draining, "the daemon is stopping")
    case .snapshot(.diskFull): .failed(.diskFull, error.description)
    case .snapshot: .failed(.notDurable, error.description)
    }
  }
}
