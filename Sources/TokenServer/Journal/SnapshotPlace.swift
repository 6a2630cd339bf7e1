internal import TokenCrypto
internal import TokenStorage

/// Where snapshots and backups go, and what they are sealed with.
struct SnapshotPlace: Sendable {
  var disk: any Disk
  var root: RootKey
  /// Of the journal that they belong to.
  var instance: Block128
  /// nil where none is configured.
  var backupDirectory: String?
}
