public import LinuxIO

/// Why there is no new snapshot. The ones that are there stay, and so does the journal; nothing is
/// lost, and another one may be tried later.
public enum SnapshotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// More pages were changed meanwhile than may be saved.
  case abandoned
  /// The progress callback said so.
  case stopped
  case diskFull
  /// What was written does not read back.
  case misread(RecoveryRefusal)
  /// A call failed. EIO says that the medium or its driver is failing: the journal lies on it, too,
  /// so tell the operator; it is no reason to stop by itself.
  case failed(SystemError)

  public var description: String {
    switch self {
    case .abandoned: "the snapshot was given up: too much was changed while it was written"
    case .stopped: "the snapshot was stopped"
    case .diskFull: "there is no room for a snapshot; free space, and the next one is tried later"
    case .misread(let refusal):
      "the snapshot does not read back as it was written: \(refusal.file): \(refusal.found); "
        + "nothing is lost, and the next one is tried later: see what the system's log says of the "
        + "medium"
    case .failed(let error):
      "the snapshot cannot be written: \(error); nothing is lost, and the next one is tried later: "
        + "mend that, and see what the system's log says of the medium"
    }
  }

  init(_ error: SystemError) {
    self = error.isNoSpace ? .diskFull : .failed(error)
  }
}
