/// One command of the tool.
struct BenchCommand: Sendable {
  let name: String
  /// One line, for the list of commands.
  let summary: String
  let options: [OptionSpec]
  /// Paragraphs that help shows below the options.
  var notes: [String] = []
  let example: String
  let run: @Sendable (ParsedOptions) throws(BenchError) -> ExitCode

  var seeHelp: String { "see signetbench \(name) --help" }

  /// What `signetbench NAME --help` prints.
  var help: String {
    var text = "usage: signetbench \(name)"
    for option in options where option.isRequired { text += " \(Self.synopsis(option))" }
    if options.contains(where: { !$0.isRequired }) { text += " [OPTION ...]" }
    text += "\n\n\(summary)\n"
    if !options.isEmpty { text += "\noptions:\n" }
    let width = options.map { Self.synopsis($0).count }.max() ?? 0
    for option in options {
      let left = Self.synopsis(option)
      text += "  \(left)\(String(repeating: " ", count: width - left.count))  \(option.help)\n"
    }
    for note in notes { text += "\n\(note)\n" }
    return text + "\nexample:\n  \(example)\n"
  }

  private static func synopsis(_ option: OptionSpec) -> String {
    option.value.map { "--\(option.name) \($0)" } ?? "--\(option.name)"
  }
}
