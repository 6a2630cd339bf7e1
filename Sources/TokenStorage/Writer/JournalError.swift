public import LinuxIO

/// Why a batch is not on the disk.
public enum JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A write or a sync failed. What is on the disk is unknown and asking again may be answered with
  /// a lie: stop the process, acknowledge nothing, let recovery decide. Every later call throws the
  /// same.
  case failed(SystemError)
  /// There is no room for it and nothing was written; the batch may be appended again later.
  case diskFull

  public var description: String {
    switch self {
    case .failed(let error): "the journal cannot be written: \(error)"
    case .diskFull: "the disk is full; free space, and the journal goes on by itself"
    }
  }
}
