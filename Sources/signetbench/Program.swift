internal import LinuxIO

/// `signetbench`: drives a server with requests whose answers it knows, and measures.
@main struct Program {
  static func main() {
    // A server may go away while bytes are on their way to it; the send says so.
    Signal.ignoreBrokenPipes()
    let arguments = Array(CommandLine.arguments.dropFirst())
    CurrentProcess.exit(CommandTable.signetbench.run(arguments).rawValue)
  }
}
