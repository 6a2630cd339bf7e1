import StorageSupport
import TokenCore
import TokenCrypto

@testable import TokenStorage

/// One snapshot by itself, without a journal's verdict.
enum SnapshotLoad {
  static func load(
    _ rig: SnapshotRig, _ name: String, into memory: StateMemory, on disk: SimulatedDisk? = nil
  ) throws -> SnapshotSummary {
    do {
      return try SnapshotReader.read(
        disk ?? rig.disk, name, JournalDriver.root, instance: rig.instance, into: memory.arena)
    } catch { throw error.refusal }
  }

  /// nil where the snapshot is whole.
  static func fault(_ disk: SimulatedDisk, _ name: String, _ rig: SnapshotRig) -> RecoveryRefusal? {
    do {
      _ = try SnapshotReader.read(
        disk, name, JournalDriver.root, instance: rig.instance, into: nil)
      return nil
    } catch { return error.refusal }
  }
}
