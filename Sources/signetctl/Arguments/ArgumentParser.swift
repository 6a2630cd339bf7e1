internal import TokenWire

/// Reads a command line. Options may stand anywhere: `--name value`, `--name=value`; `--` ends
/// them. `-` alone is a value (standard input).
struct ArgumentParser {
  let table: CommandTable

  func parse(_ arguments: [String]) throws(CommandError) -> Request {
    let words = Self.commandWords(arguments, table)
    if words.first == "help" { return .help(Array(words.dropFirst())) }
    if arguments.contains("--version") { return .version }
    let beforeEnd = arguments.prefix { $0 != "--" }
    if beforeEnd.contains("--help") || beforeEnd.contains("-h") {
      return .help(table.longestPrefix(of: words))
    }
    if arguments.isEmpty { return .help([]) }
    let command = try command(words)
    return .run(try fill(command, arguments))
  }

  /// The words that may name a command: the leading non-options, values of global options left out.
  private static func commandWords(_ arguments: [String], _ table: CommandTable) -> [String] {
    var words: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      if !argument.utf8.starts(with: "--".utf8) {
        words.append(argument)
      } else if !argument.utf8.contains(UInt8(ascii: "=")),
        let spec = GlobalOptions.all.first(where: { "--" + $0.name == argument }),
        spec.value != nil
      {
        _ = rest.popFirst()
      } else if table.find(words) != nil {
        // Values of its own options follow; the name is complete.
        break
      }
    }
    return words
  }

  private func command(_ words: [String]) throws(CommandError) -> Command {
    guard let first = words.first else { throw .usage("no command", hint: Self.seeHelp([])) }
    if let command = table.find(words) { return command }
    if table.group(first) != nil {
      let verbs = table.commands(under: first).map { $0.path[1] }
      guard words.count > 1 else {
        throw .usage("\(first) needs a verb: \(verbs.joined(separator: ", "))")
      }
      throw .usage(
        "\(first) has no '\(words[1])'",
        hint: nearestName(to: words[1].utf8, among: verbs).map { "did you mean '\(first) \($0)'?" }
          ?? "there is \(verbs.joined(separator: ", "))")
    }
    let guess = nearestName(to: first.utf8, among: table.firstWords)
    throw .usage(
      "there is no command '\(first)'",
      hint: guess.map { "did you mean '\($0)'?" } ?? Self.seeHelp([]))
  }

  private func fill(
    _ command: Command, _ arguments: [String]
  ) throws(CommandError) -> ParsedArguments {
    var parsed = ParsedArguments(command: command)
    var (rest, wordsLeft) = (arguments[...], command.path.count)
    var optionsEnded = false
    while let argument = rest.popFirst() {
      if optionsEnded || !argument.utf8.starts(with: "-".utf8) || argument == "-" {
        if wordsLeft > 0 { wordsLeft -= 1 } else { parsed.operands.append(argument) }
      } else if argument == "--" {
        optionsEnded = true
      } else {
        try take(argument, &rest, &parsed)
      }
    }
    try checkOperands(parsed)
    for option in command.options where option.isRequired && !parsed.has(option.name) {
      throw .usage("\(command.name) needs --\(option.name)", hint: Self.seeHelp(command.path))
    }
    return parsed
  }

  private func take(
    _ argument: String, _ rest: inout ArraySlice<String>, _ parsed: inout ParsedArguments
  ) throws(CommandError) {
    let command = parsed.command
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let written = String(parts[0])
    guard let spec = command.allOptions.first(where: { "--" + $0.name == written }) else {
      throw unknown(written, command)
    }
    let attached = parts.count == 2 ? String(parts[1]) : nil
    if parsed.has(spec.name) && !spec.isRepeatable {
      throw .usage("\(written) is given twice")
    }
    if spec.value == nil {
      if attached != nil { throw .usage("\(written) takes no value") }
      parsed.options[spec.name] = [""]
      return
    }
    if let value = attached {
      parsed.options[spec.name, default: []].append(value)
    } else if let next = rest.first, next == "-" || !next.utf8.starts(with: "-".utf8) {
      parsed.options[spec.name, default: []].append(rest.removeFirst())
    } else {
      throw .usage(
        "\(written) needs a value",
        hint: "write \(written) VALUE, or \(written)=VALUE if the "
          + "value begins with -")
    }
  }

  private func unknown(_ written: String, _ command: Command) -> CommandError {
    if GlobalOptions.all.contains(where: { "--" + $0.name == written }) {
      let why =
        written == "--idempotency-key"
        ? "it changes nothing" : "it speaks for nobody but the caller"
      return .usage("\(command.name) takes no \(written)", hint: why)
    }
    let guess = nearestName(to: written.utf8, among: command.allOptions.map { "--" + $0.name })
    return .usage(
      "\(command.name) has no option \(written)",
      hint: guess.map { "did you mean \($0)?" } ?? Self.seeHelp(command.path))
  }

  private func checkOperands(_ parsed: ParsedArguments) throws(CommandError) {
    let specs = parsed.command.operands
    let needed = specs.filter { $0.count == .one || $0.count == .oneOrMore }
    if parsed.operands.count < needed.count {
      let missing = needed[parsed.operands.count]
      throw .usage(
        "\(parsed.command.name) needs \(missing.name), \(missing.summary)",
        hint: Self.seeHelp(parsed.command.path))
    }
    let isOpen = specs.contains { $0.count == .oneOrMore || $0.count == .any }
    if !isOpen && parsed.operands.count > specs.count {
      throw .usage(
        "'\(parsed.operands[specs.count])' is one word too many",
        hint: Self.seeHelp(parsed.command.path))
    }
  }

  private static func seeHelp(_ path: [String]) -> String {
    "see signetctl \((path + ["--help"]).joined(separator: " "))"
  }
}
