public import TokenCore
public import TokenCrypto

/// Brings the state of a backup up to a newer data directory of the same journal, so that what was
/// revoked after the backup stays revoked. Nothing in the directory is changed.
public enum BackupUpdate {
  /// Applies the commits after the backup's position.
  ///
  /// The directory is read twice: nothing is applied before all of it was found good.
  ///
  /// - Parameters:
  ///   - disk: a data directory with the journal since the backup.
  ///   - commit: called with each commit after the backup, in order.
  /// - Returns: the last position. Throws where the directory would be refused by a start, is of
  ///   another journal, or does not reach back to the backup.
  public static func apply(
    _ disk: any Disk, _ root: RootKey, since backup: BackupContents,
    commit: (JournaledCommit) -> Void
  ) throws(RecoveryRefusal) -> UInt64 {
    let findings = try JournalScan.findings(disk, root)
    guard let instance = try RecoveryJudge.instance(findings) else {
      throw .damaged(
        JournalNames.format, "there is no journal here", "name the newer data directory")
    }
    guard instance == backup.manifest.instance else {
      throw .damaged(
        JournalNames.format,
        "the journal \(instance.hexText), and the backup is of \(backup.manifest.instance.hexText)",
        "name a data directory of the journal that was backed up")
    }
    var options = RecoveryOptions(snapshotPosition: backup.manifest.position)
    options.snapshotMark = backup.snapshot.mark
    if case .refused(let refusal) = Recovery.read(disk, root, options, commit: { _ in }).verdict {
      throw refusal
    }
    var last = backup.manifest.position
    let report = Recovery.read(disk, root, options) { each in
      commit(each)
      last = each.position
    }
    if case .refused(let refusal) = report.verdict { throw refusal }
    if let newest = SnapshotNames.snapshots(findings.names).first, newest.position > last {
      throw .damaged(
        newest.name, "the journal ends at position \(last), before this snapshot",
        "the newest segments are missing: put them back")
    }
    return last
  }
}
