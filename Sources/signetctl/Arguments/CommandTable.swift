/// Every command, in the order of help.
struct CommandTable: Sendable {
  static let signetctl = CommandTable(
    groups: [
      CommandGroup(name: "apps", summary: "OAuth 2.0 applications"),
      CommandGroup(name: "grants", summary: "what people have granted to applications"),
      CommandGroup(name: "users", summary: "people: their authorized apps, disabling, enabling"),
      CommandGroup(name: "settings", summary: "the service's switches and lifetimes"),
      CommandGroup(name: "keys", summary: "the signing keys"),
      CommandGroup(name: "clock", summary: "what the service thinks of the wall clock"),
    ],
    commands: AppCommands.all + FlowCommands.all + TokenCommands.all + GrantCommands.all
      + RevocationCommands.all + UserCommands.all + SettingCommands.all + KeyCommands.all
      + ServiceCommands.all + [DoctorCommand.command])

  let groups: [CommandGroup]
  let commands: [Command]

  /// The command that the words begin with.
  func find(_ words: [String]) -> Command? {
    commands.first { words.starts(with: $0.path) }
  }

  func group(_ name: String) -> CommandGroup? { groups.first { $0.name == name } }

  func commands(under group: String) -> [Command] {
    commands.filter { $0.path.count == 2 && $0.path[0] == group }
  }

  /// What may come first: groups and commands of one word.
  var firstWords: [String] {
    groups.map(\.name) + commands.filter { $0.path.count == 1 }.map(\.name) + ["help"]
  }

  /// As many of the words as name something.
  func longestPrefix(of words: [String]) -> [String] {
    if let command = find(words) { return command.path }
    return words.first.map { group($0) != nil ? [$0] : [] } ?? []
  }
}
