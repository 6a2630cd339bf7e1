internal import LinuxIO
internal import TokenWire

/// The commands, and the way from arguments to one of them.
struct CommandTable: Sendable {
  let commands: [BenchCommand]

  static let signetbench = CommandTable(commands: [.run, .fill, .echoServer, .inProcess])

  func run(_ arguments: [String]) -> ExitCode {
    do throws(BenchError) {
      return try start(arguments)
    } catch {
      // Nobody is left to tell when standard error is closed.
      try? StandardStream.error.write("signetbench: \(PrintableText.escaped(error.message))\n")
      return error.exitCode
    }
  }

  private func start(_ arguments: [String]) throws(BenchError) -> ExitCode {
    guard let first = arguments.first else {
      throw .usage("no command", hint: "see signetbench --help")
    }
    if first == "--help" || first == "-h" || first == "help" {
      guard arguments.count > 1, first == "help" else { return try show(help) }
      return try show(command(arguments[1]).help)
    }
    let command = try command(first)
    let rest = Array(arguments.dropFirst())
    if rest.contains("--help") || rest.contains("-h") { return try show(command.help) }
    return try command.run(ParsedOptions(rest, of: command))
  }

  private func command(_ name: String) throws(BenchError) -> BenchCommand {
    if let command = commands.first(where: { $0.name == name }) { return command }
    throw .usage(
      "there is no command '\(name)'",
      hint: nearestName(to: name.utf8, among: commands.map(\.name)).map { "did you mean '\($0)'?" }
        ?? "see signetbench --help")
  }

  private func show(_ text: String) throws(BenchError) -> ExitCode {
    try writeOutput(text)
    return .ok
  }

  /// What `signetbench --help` prints.
  var help: String {
    var text = """
      usage: signetbench COMMAND [OPTION ...]

      Drives a server with requests whose answers it knows, and measures. Every answer is
      checked: a run with one wrong answer ends with status 1.

      commands:

      """
    let width = commands.map(\.name.count).max() ?? 0
    for command in commands {
      let gap = String(repeating: " ", count: width - command.name.count)
      text += "  \(command.name)\(gap)  \(command.summary)\n"
    }
    text += "\nexit status:\n"
    for code in ExitCode.allCases { text += "  \(code.rawValue)  \(code.meaning)\n" }
    return text + """

      example:
        signetbench fill --target signet --socket run/signet.sock --count 100000 --tokens t.bin
        signetbench run --target signet --socket run/signet.sock --tokens t.bin --seconds 5

      signetbench COMMAND --help says more.

      """
  }
}

/// Writes to standard output. A reader that has seen enough is no error.
func writeOutput(_ text: String) throws(BenchError) {
  do throws(SystemError) {
    try StandardStream.output.write(text)
  } catch {
    if error.errno != .brokenPipe { throw .file("standard output: \(error)") }
  }
}
