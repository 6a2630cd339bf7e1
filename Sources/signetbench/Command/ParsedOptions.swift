internal import TokenWire

/// The options of one command line: `--name value`, `--name=value`, `--flag`.
struct ParsedOptions {
  private var values: [String: String] = [:]

  init(_ arguments: [String], of command: BenchCommand) throws(BenchError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.utf8.starts(with: "--".utf8) else {
        throw .usage("'\(argument)' is not an option", hint: command.seeHelp)
      }
      let parts = argument.utf8.dropFirst(2).split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: parts[0], as: UTF8.self)
      guard let spec = command.options.first(where: { $0.name == name }) else {
        let guess = nearestName(to: parts[0], among: command.options.map(\.name))
        throw .usage(
          "\(command.name) has no option --\(name)",
          hint: guess.map { "did you mean --\($0)?" } ?? command.seeHelp)
      }
      if values[name] != nil { throw .usage("--\(name) is there twice", hint: "keep one") }
      values[name] = try Self.value(spec, parts.dropFirst().first, &rest)
    }
    for spec in command.options where spec.isRequired && values[spec.name] == nil {
      throw .usage("--\(spec.name) is missing", hint: "add --\(spec.name) \(spec.value ?? "")")
    }
  }

  private static func value(
    _ spec: OptionSpec, _ attached: Substring.UTF8View?, _ rest: inout ArraySlice<String>
  ) throws(BenchError) -> String {
    guard let placeholder = spec.value else {
      if attached != nil { throw .usage("--\(spec.name) takes no value", hint: "leave it out") }
      return ""
    }
    if let attached { return String(decoding: attached, as: UTF8.self) }
    guard let next = rest.popFirst(), !next.utf8.starts(with: "--".utf8) else {
      throw .usage("--\(spec.name) needs a value", hint: "write --\(spec.name) \(placeholder)")
    }
    return next
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? { values[name] }

  /// The value of an option that `OptionSpec` calls required.
  func required(_ name: String) -> String { values[name] ?? "" }

  /// A whole number within the range.
  func number(
    _ name: String, in range: ClosedRange<Int>, default other: Int
  ) throws(BenchError) -> Int {
    try number(name, in: range) ?? other
  }

  func number(_ name: String, in range: ClosedRange<Int>) throws(BenchError) -> Int? {
    guard let text = values[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "--\(name) \(text) is no number that fits",
        hint: "write one from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A decimal fraction of at least zero, such as `0.5`.
  func decimal(_ name: String, max: Double) throws(BenchError) -> Double? {
    guard let text = values[name] else { return nil }
    guard let number = Double(text), number >= 0, number <= max else {
      throw .usage("--\(name) \(text) is no number that fits", hint: "write one from 0 to \(max)")
    }
    return number
  }

  /// One of a few words.
  func word<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type = Choice.self
  ) throws(BenchError) -> Choice? {
    guard let text = values[name] else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    throw .usage(
      "--\(name) \(text) is unknown",
      hint: nearestName(to: text.utf8, among: known).map { "did you mean \($0)?" }
        ?? "write one of \(known.joined(separator: ", "))")
  }
}
