internal import LinuxIO
public import TokenCore
public import TokenCrypto

/// A state as a journal directory of its own: a snapshot at its position, and a journal that begins
/// after it, under a new instance id.
public enum NewJournal {
  /// Writes it into an empty directory. FORMAT comes last; all is on the disk when this returns.
  ///
  /// - Parameter progress: pages done, pages in all.
  /// - Returns: the new instance.
  public static func write(
    _ state: borrowing ServiceState, to disk: any Disk, _ root: RootKey,
    _ options: JournalOptions = JournalOptions(), wallMillis: UInt64,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ReplacementError) -> Block128 {
    guard let cut = state.beginSnapshot() else {
      preconditionFailure("nobody else makes a snapshot of this state")
    }
    let instance = options.drawBlock()
    do throws(SnapshotError) {
      let writer = SnapshotWriter(
        disk, root, instance: instance, drawBlock: options.drawBlock)
      let written = try writer.write(cut, wallMillis: wallMillis) { done, all in
        progress(done, all)
        return true
      }
      try writer.publishAlone(written)
    } catch {
      throw .snapshot(error)
    }
    do throws(SystemError) {
      _ = try JournalWriter.create(
        disk, root, options, instance: instance, after: state.position, wallMillis: wallMillis)
    } catch {
      throw .failed(error)
    }
    return instance
  }
}
