internal import LinuxIO

/// The outside world of the tool, so that tests can be one.
struct Console {
  var write: (String) throws(SystemError) -> Void
  var writeError: (String) -> Void
  /// Standard input to its end, at most so many bytes.
  var readInput: (_ limitBytes: Int) throws(SystemError) -> [UInt8]
  var environment: (String) -> String?
  /// Bold titles are wanted.
  var usesColour: Bool
  /// A person watches standard error.
  var showsProgress: Bool

  static func standard() -> Console {
    let isPlain =
      !(CurrentProcess.environment("NO_COLOR") ?? "").isEmpty
      || CurrentProcess.environment("TERM") == "dumb"
    return Console(
      write: { text throws(SystemError) in try StandardStream.output.write(text) },
      // Nobody is left to tell when standard error is closed.
      writeError: { text in try? StandardStream.error.write(text) },
      readInput: { limit throws(SystemError) in
        try StandardStream.input.readWhole(limitBytes: limit)
      },
      environment: CurrentProcess.environment,
      usesColour: StandardStream.output.isTerminal && !isPlain,
      showsProgress: StandardStream.error.isTerminal && !isPlain)
  }
}
