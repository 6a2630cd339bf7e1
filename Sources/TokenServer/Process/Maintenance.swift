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
      return try Verification.run(flags.maintenance, configuration)
    case .salvage, .restore:
      guard let configuration else { preconditionFailure("it was read before") }
      try confine()
      let console = MaintenanceConsole.standard()
      if flags.action == .salvage {
        return try SalvageAction(configuration: configuration, console: console).run()
      }
      return try RestorationAction(
        configuration: configuration, flags: flags.maintenance, console: console
      ).run()
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
