internal import LinuxIO

/// One JSON object (RFC 8259), a member a line, in the order in which they are added.
struct JSONText {
  private var body = "{\n"
  private var depth = 1
  private var isFirst = true

  private mutating func begin(_ name: String) {
    if !isFirst { body += ",\n" }
    isFirst = false
    body += "\(String(repeating: "  ", count: depth))\"\(name)\": "
  }

  mutating func add(_ name: String, _ value: Int) {
    begin(name)
    body += "\(value)"
  }

  /// A number with three decimals; null for none.
  mutating func add(_ name: String, _ value: Double?) {
    begin(name)
    body += value.map { decimal($0) } ?? "null"
  }

  /// A text; null for none.
  mutating func add(_ name: String, _ value: String?) {
    begin(name)
    body += value.map { Self.quoted($0) } ?? "null"
  }

  /// Numbers with three decimals.
  mutating func add(_ name: String, _ values: [Double]) {
    begin(name)
    body += "[" + values.map { decimal($0) }.joined(separator: ", ") + "]"
  }

  /// Begins an object as a member.
  mutating func open(_ name: String) {
    begin(name)
    body += "{\n"
    depth += 1
    isFirst = true
  }

  /// Ends it.
  mutating func close() {
    depth -= 1
    body += "\n\(String(repeating: "  ", count: depth))}"
    isFirst = false
  }

  /// The whole object.
  var text: String { body + "\n}\n" }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in PrintableText.escaped(text).unicodeScalars {
      if scalar == "\"" || scalar == "\\" { output += "\\" }
      output.unicodeScalars.append(scalar)
    }
    return output + "\""
  }
}

/// A number with at most three decimals, never in scientific notation.
func decimal(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "0" }
  let thousandths = Int((abs(value) * 1_000).rounded())
  let sign = value < 0 && thousandths > 0 ? "-" : ""
  let fraction = String(thousandths % 1_000)
  let padded = String(repeating: "0", count: 3 - fraction.count) + fraction
  return "\(sign)\(thousandths / 1_000).\(padded)"
}
