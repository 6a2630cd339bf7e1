internal import LinuxIO

/// One run of the tool: from arguments to output and exit status.
struct Run {
  let console: Console

  func run(_ arguments: [String]) -> ExitCode {
    // Asked before parsing, so that mistakes in the rest are told in JSON too.
    let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
    do throws(CommandError) {
      switch try ArgumentParser(table: .signetctl).parse(arguments) {
      case .version:
        try write("signetctl \(signetctlVersion)\n")
        return .ok
      case .help(let path):
        guard let text = HelpText(table: .signetctl).text(for: path) else {
          throw .usage("there is no command '\(path.joined(separator: " "))'")
        }
        try write(text)
        return .ok
      case .run(let parsed):
        let report = try parsed.command.run(Invocation(parsed, console))
        try write(report, asJSON: wantsJSON)
        return report.exitCode
      }
    } catch {
      tell(error, asJSON: wantsJSON)
      return error.exitCode
    }
  }

  private func write(_ report: Report, asJSON: Bool) throws(CommandError) {
    if asJSON { return try write(JSONReport.text(report)) }
    try write(TextReport(usesColour: console.usesColour).text(report))
    for note in report.notes { console.writeError("note: \(printable(note))\n") }
  }

  private func write(_ text: String) throws(CommandError) {
    do {
      try console.write(text)
    } catch {
      // The reader has seen enough.
      if error.errno == .brokenPipe { return }
      throw .input("standard output: \(error)")
    }
  }

  private func tell(_ error: CommandError, asJSON: Bool) {
    if asJSON {
      try? console.write(JSONReport.text(error))
    } else {
      console.writeError("signetctl: \(printable(error.message))\n")
    }
  }
}

/// The version of this tool, told to the service in HELLO.
let signetctlVersion = "1.0.0"
