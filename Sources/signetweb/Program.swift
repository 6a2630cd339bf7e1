internal import LinuxIO

/// `signetweb`: OAuth over HTTP for browsers and third-party apps, as a FastCGI responder.
@main struct Program {
  static func main() {
    let code = WebProgram.run(Array(CommandLine.arguments.dropFirst()))
    CurrentProcess.exit(code.rawValue)
  }
}
