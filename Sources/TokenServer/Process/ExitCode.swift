/// What the daemon's exit status tells whoever started it.
public enum ExitCode: Int32, CaseIterable, Sendable {
  /// Stopped as asked, everything accepted was answered.
  case ok = 0
  /// Wrong flags or settings; the message names the place. Starting again changes nothing.
  case usage = 64
  /// Something acknowledged is damaged or missing in the data directory.
  case damaged = 65
  /// The data directory was written with another root key, or somebody edited it.
  case notAuthentic = 66
  /// There is a journal, and no root key.
  case rootKeyMissing = 67
  /// The data directory was written by a later version.
  case newerFormat = 68
  /// The data directory could not be read.
  case unreadable = 69
  /// The clock stands before the journal's last entry.
  case clockBehind = 70
  /// The system refused something: a socket, a directory, a thread, descriptors.
  case system = 71
  /// The root key file has an unsafe mode, owner or form, or cannot be read or made.
  case keyFile = 72
  /// Another daemon runs on this data directory or socket.
  case inUse = 73
  /// The drain timeout passed with requests unanswered.
  case drainTimedOut = 74
  /// The journal could not be written, or a sync hung. Nothing was acknowledged after it; start
  /// again, and recovery decides.
  case journalFailed = 75
  /// A table is smaller than what the data directory holds; raise its limit.
  case limitTooSmall = 78
}

/// Why the daemon did not start, or did not go on.
public struct StartError: Error, Equatable, Sendable, CustomStringConvertible {
  public let code: ExitCode
  /// What happened, to what, and what to do.
  public let message: String

  public init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
