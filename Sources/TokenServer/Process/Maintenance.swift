internal import LinuxIO

/// Work on a data directory that no daemon uses. It ends with the process; nothing is served.
enum Maintenance {
  /// Does what the flags ask for; nil where that is something else.
  static func run(
    _ flags: LaunchFlags, _ configuration: ServerConfiguration?
  ) throws(StartError) -> ExitCode? {
    switch flags.action {
    case .run, .checkConfiguration, .showHelp, .showVersion: return nil
    case .verify:
      try confine()
      return try Verification.run(flags.maintenance)
    case .salvage, .restore:
      throw StartError(.usage, "--salvage and --restore are not part of this build")
    }
  }

  /// Only we read what is written here, and a core file with keys in it is not.
  private static func confine() throws(StartError) {
    CurrentProcess.setUmask(0o077)
    Signal.ignoreBrokenPipes()
    do throws(SystemError) {
      try CurrentProcess.disableCoreDumps()
    } catch {
      throw StartError(.system, error.description)
    }
  }
}
