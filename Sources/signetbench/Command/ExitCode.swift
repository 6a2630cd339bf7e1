/// What the exit status tells a script.
enum ExitCode: Int32, CaseIterable {
  /// Done, and every answer was right.
  case ok = 0
  /// At least one answer was wrong, or the server ended in the middle.
  case wrong = 1
  /// Wrong arguments, an input file that cannot be read, an output that cannot be written.
  case usage = 2
  /// No connection, or the server refused what a run needs.
  case cannotConnect = 3

  var meaning: String {
    switch self {
    case .ok: "done, every answer was right"
    case .wrong: "at least one answer was wrong"
    case .usage: "wrong arguments, unreadable input or unwritable output"
    case .cannotConnect: "cannot connect, or the server refused what the run needs"
    }
  }
}
