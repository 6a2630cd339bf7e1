/// An option of a command.
struct OptionSpec: Sendable {
  let name: String
  /// What its value is called in help; nil for a flag.
  var value: String?
  let summary: String
  var isRepeatable = false
  var isRequired = false

  static func flag(_ name: String, _ summary: String) -> OptionSpec {
    OptionSpec(name: name, value: nil, summary: summary)
  }

  static func value(_ name: String, _ value: String, _ summary: String) -> OptionSpec {
    OptionSpec(name: name, value: value, summary: summary)
  }

  static func required(_ name: String, _ value: String, _ summary: String) -> OptionSpec {
    OptionSpec(name: name, value: value, summary: summary, isRequired: true)
  }

  static func list(_ name: String, _ value: String, _ summary: String) -> OptionSpec {
    OptionSpec(name: name, value: value, summary: summary, isRepeatable: true)
  }
}

/// What stands on the line without a name.
struct OperandSpec: Sendable {
  enum Count: Sendable { case one, optional, oneOrMore, any }

  let name: String
  let summary: String
  var count = Count.one

  /// As usage lines write it.
  var form: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .oneOrMore: "\(name)..."
    case .any: "[\(name)...]"
    }
  }
}

/// One operation of the tool: how it is written, what it does, and the code that does it.
struct Command: Sendable {
  /// Whom a command may speak for, by `--as`.
  enum Speaker: Sendable {
    /// The caller itself, always.
    case nobody
    /// A person who is named.
    case person
    /// Local administration, or a person who is named.
    case personOrLocal
  }

  /// The words that name it: `["apps", "register"]`.
  let path: [String]
  /// One sentence without full stop.
  let summary: String
  var operands: [OperandSpec] = []
  var options: [OptionSpec] = []
  var speaker = Speaker.nobody
  /// Whether the request carries an idempotency key.
  var changesState = false
  /// Whether it may take longer than a request should: no time limit unless one is given.
  var isLong = false
  /// A line that works as it stands, but for names and tokens.
  let example: String
  /// More than the summary says; empty if there is no need.
  var notes = ""
  let run: @Sendable (Invocation) throws(CommandError) -> Report

  var name: String { path.joined(separator: " ") }

  /// Every option that this command takes, its own first.
  var allOptions: [OptionSpec] { options + GlobalOptions.of(self) }
}

/// A noun with verbs under it.
struct CommandGroup: Sendable {
  let name: String
  let summary: String
}
