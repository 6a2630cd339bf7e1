import LinuxIO
import TokenServer

/// The daemon: everything is decided in `Daemon`, the exit statuses are `ExitCode`'s.
@main
struct Program {
  static func main() {
    let code = Daemon.run(arguments: Array(CommandLine.arguments.dropFirst()))
    CurrentProcess.exit(code.rawValue)
  }
}
