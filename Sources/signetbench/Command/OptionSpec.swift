/// An option that a command takes.
struct OptionSpec: Sendable {
  let name: String
  /// The placeholder of its value in help; nil for a flag without a value.
  let value: String?
  let help: String
  var isRequired = false

  static func value(_ name: String, _ placeholder: String, _ help: String) -> OptionSpec {
    OptionSpec(name: name, value: placeholder, help: help)
  }

  static func required(_ name: String, _ placeholder: String, _ help: String) -> OptionSpec {
    OptionSpec(name: name, value: placeholder, help: help, isRequired: true)
  }

  static func flag(_ name: String, _ help: String) -> OptionSpec {
    OptionSpec(name: name, value: nil, help: help)
  }
}
