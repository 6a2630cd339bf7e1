internal import LinuxIO

/// `signetctl`: the local admin client. Parses, asks, prints; the rules are the service's.
@main struct Program {
  static func main() {
    // A reader such as `head` may go away; the write says so.
    Signal.ignoreBrokenPipes()
    let arguments = Array(CommandLine.arguments.dropFirst())
    CurrentProcess.exit(Run(console: .standard()).run(arguments).rawValue)
  }
}
