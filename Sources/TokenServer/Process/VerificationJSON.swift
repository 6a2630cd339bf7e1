/// A value of a report for scripts.
indirect enum ReportValue {
  case text(String)
  case number(UInt64)
  case bool(Bool)
  case none
  case list([ReportValue])
  case record(KeyValuePairs<String, ReportValue>)
  case numbers([(name: String, value: UInt64)], before: KeyValuePairs<String, ReportValue>)

  /// JSON (RFC 8259) on one line.
  var json: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .number(let number): String(number)
    case .bool(let bool): bool ? "true" : "false"
    case .none: "null"
    case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
    case .record(let members): Self.object(members.map { ($0.key, $0.value.json) })
    case .numbers(let numbers, let before):
      Self.object(
        before.map { ($0.key, $0.value.json) } + numbers.map { ($0.name, String($0.value)) })
    }
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { quoted($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
  }

  /// Escapes what JSON requires, and every control character, for terminals.
  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": output += "\\" + String(scalar)
      default:
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        if isControl {
          let digits = String(scalar.value, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
