internal import LinuxIO
internal import TokenCore
internal import TokenStorage
internal import TokenWire

extension SnapshotThread {
  /// Writes the cut as a backup of that name under the configured directory.
  func backup(_ cut: SnapshotCut, _ name: String) -> Result {
    cut.end()
    return .failed(.notDurable, "")
  }
}
