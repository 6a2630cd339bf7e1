/// Help on every level, made from the table.
struct HelpText {
  let table: CommandTable
  /// Columns to fold at.
  var width = 80

  /// Help for a command, a group, or all; nil when the words name nothing.
  func text(for path: [String]) -> String? {
    if path.isEmpty { return overview }
    if let command = table.find(path) { return text(command) }
    if path.count == 1, let group = table.group(path[0]) { return text(group) }
    return nil
  }

  private var overview: String {
    var lines = [
      "usage: signetctl COMMAND [options]", "", "Administers signetd over its Unix socket.", "",
    ]
    let single = table.commands.filter { $0.path.count == 1 }
    let rows =
      table.groups.map { group in
        let verbs = table.commands(under: group.name).map { $0.path[1] }
        return (group.name, "\(group.summary): \(verbs.joined(separator: ", "))")
      } + single.map { ($0.name, $0.summary) }
    lines += columns(rows)
    lines += ["", "options of every command:"]
    lines += columns(GlobalOptions.common.map(Self.row))
    lines += ["", "options of many (their --help says which):"]
    lines += columns(
      (GlobalOptions.acting + [GlobalOptions.actor, GlobalOptions.key]).map(Self.row))
    lines += [
      "", "Secrets, tokens, codes and tickets may be given as - (standard input) or @FILE.",
    ]
    lines += ["", "exit status:"]
    lines += columns(ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) })
    lines += ["", "example:", "  signetctl status --json", ""]
    return lines.joined(separator: "\n")
  }

  private func text(_ group: CommandGroup) -> String {
    let commands = table.commands(under: group.name)
    var lines = ["usage: signetctl \(group.name) VERB [options]", "", sentence(group.summary), ""]
    lines += columns(commands.map { ($0.path[1], $0.summary) })
    lines += ["", "example:", "  \(commands[0].example)", ""]
    return lines.joined(separator: "\n")
  }

  private func text(_ command: Command) -> String {
    let operands = command.operands.map(\.form).joined(separator: " ")
    let usage = ["usage: signetctl", command.name, operands, "[options]"]
    var lines = [usage.filter { !$0.isEmpty }.joined(separator: " "), ""]
    lines += folded(sentence(command.summary), indent: 0)
    if !command.notes.isEmpty { lines += [""] + folded(command.notes, indent: 0) }
    lines.append("")
    let rows = command.operands.map { ($0.name, $0.summary) } + command.allOptions.map(Self.row)
    lines += columns(rows)
    lines += ["", "example:", "  \(command.example)", ""]
    return lines.joined(separator: "\n")
  }

  private static func row(_ option: OptionSpec) -> (String, String) {
    let name = "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    var summary = option.summary
    if option.isRequired { summary += " (required)" }
    if option.isRepeatable { summary += " (repeatable)" }
    return (name, summary)
  }

  private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// Two columns; the second is folded under itself.
  private func columns(_ rows: [(String, String)]) -> [String] {
    let indent = min(26, (rows.map { $0.0.count }.max() ?? 0) + 4)
    var lines: [String] = []
    for (left, right) in rows {
      let folded = folded(right, indent: indent)
      let head = "  " + left
      if head.count + 2 > indent {
        lines.append(head)
        lines += folded
      } else {
        let padding = String(repeating: " ", count: indent - head.count)
        lines.append(head + padding + folded[0].dropFirst(indent))
        lines += folded.dropFirst()
      }
    }
    return lines
  }

  private func folded(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var (lines, line) = ([String](), "")
    for word in text.split(separator: " ") {
      if !line.isEmpty && indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [margin + line]
  }
}
