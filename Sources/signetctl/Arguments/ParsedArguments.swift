/// What the command line says, after the grammar has been checked: every option is known, has a
/// value if it needs one, and is there if it must be.
struct ParsedArguments {
  let command: Command
  var options: [String: [String]] = [:]
  var operands: [String] = []

  func has(_ option: String) -> Bool { options[option] != nil }

  func text(_ option: String) -> String? { options[option]?.last }

  func texts(_ option: String) -> [String] { options[option] ?? [] }

  /// An operand that the grammar made sure of.
  func operand(_ index: Int) -> String { operands[index] }

  func number<T: FixedWidthInteger & UnsignedInteger>(
    _ option: String, _: T.Type
  ) throws(CommandError) -> T? {
    guard let text = text(option) else { return nil }
    return try Self.number(text, "--\(option)")
  }

  /// A plain decimal number.
  static func number<T: FixedWidthInteger & UnsignedInteger>(
    _ text: String, _ what: String
  ) throws(CommandError) -> T {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = T(text)
    else {
      throw .usage("\(what) takes a number of at most \(T.max), not '\(text)'")
    }
    return number
  }
}

/// What the command line asks for.
enum Request {
  case run(ParsedArguments)
  case help([String])
  case version
}
