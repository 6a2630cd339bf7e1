internal import LinuxIO

/// Writes JSON (RFC 8259), two spaces an indent, members in the order given, a line feed last.
struct JSONWriter {
  private var output = ""

  /// One object of a report, or of an error.
  static func object(_ fields: [Field]) -> String {
    var writer = JSONWriter()
    writer.record(fields, indent: 0)
    return writer.output + "\n"
  }

  private mutating func value(_ value: Value, indent: Int) {
    switch value {
    case .text(let bytes): string(String(decoding: bytes, as: UTF8.self))
    case .number(let number), .time(let number), .seconds(let number): output += String(number)
    case .bool(let bool): output += bool ? "true" : "false"
    case .record(let fields): record(fields, indent: indent)
    case .list(let values):
      members(values, "[", "]", indent) { writer, element in
        writer.value(element, indent: indent + 1)
      }
    }
  }

  private mutating func record(_ fields: [Field], indent: Int) {
    members(fields, "{", "}", indent) { writer, field in
      writer.string(field.key)
      writer.output += ": "
      writer.value(field.value, indent: indent + 1)
    }
  }

  private mutating func members<T>(
    _ elements: [T], _ open: String, _ close: String, _ indent: Int,
    _ write: (inout JSONWriter, T) -> Void
  ) {
    if elements.isEmpty {
      output += open + close
      return
    }
    output += open
    for (index, element) in elements.enumerated() {
      output += index == 0 ? "\n" : ",\n"
      output += String(repeating: "  ", count: indent + 1)
      write(&self, element)
    }
    output += "\n" + String(repeating: "  ", count: indent) + close
  }

  /// Escapes what JSON requires, and besides what is unsafe to show, so that the text is safe on a
  /// terminal and in a script.
  private mutating func string(_ text: String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where PrintableText.isUnsafe(scalar):
        for unit in String(scalar).utf16 {
          let hex = String(unit, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
