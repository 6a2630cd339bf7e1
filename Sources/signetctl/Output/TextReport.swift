/// A report for people: sentences, aligned fields, aligned tables.
struct TextReport {
  /// Bold titles, and nothing else, are coloured; only for a terminal.
  let usesColour: Bool

  func text(_ report: Report) -> String {
    var parts: [String] = []
    for block in report.blocks {
      switch block {
      case .line(let line): parts.append(printable(line) + "\n")
      case .fields(let fields): parts.append(self.fields(fields))
      case .table(let key, let columns, let rows): parts.append(table(key, columns, rows))
      case .prose(_, _, let lines): parts += lines.map { printable($0) + "\n" }
      }
    }
    return parts.filter { !$0.isEmpty }.joined()
  }

  private func fields(_ fields: [Field]) -> String {
    let width = fields.map { columnCount($0.label) }.max() ?? 0
    var text = ""
    for field in fields {
      let lines = self.lines(field.value)
      for (index, line) in lines.enumerated() {
        let label = index == 0 ? field.label : ""
        text += padded(label, to: width + 2) + line + "\n"
      }
    }
    return text
  }

  private func table(_ key: String, _ columns: [Column], _ rows: [[Field]]) -> String {
    if rows.isEmpty { return "no \(key)\n" }
    let cells = rows.map { row in
      columns.map { column in
        row.first { $0.key == column.key }.map { lines($0.value).joined(separator: ", ") } ?? ""
      }
    }
    let widths = columns.indices.map { index in
      max(columnCount(columns[index].title), cells.map { columnCount($0[index]) }.max() ?? 0)
    }
    var text = ""
    let title = line(columns.map { $0.title.uppercased() }, widths)
    text += usesColour ? "\u{1B}[1m\(title)\u{1B}[0m\n" : title + "\n"
    for row in cells { text += line(row, widths) + "\n" }
    return text
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      // The last column needs no padding, and gets no trailing blanks.
      line += index == cells.count - 1 ? cell : padded(cell, to: widths[index] + 2)
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - columnCount(text)))
  }

  /// A value in one line, or one line for each of several.
  private func lines(_ value: Value) -> [String] {
    switch value {
    case .text(let bytes): [bytes.isEmpty ? "-" : printable(bytes)]
    case .number(let number): [String(number)]
    case .bool(let bool): [bool ? "yes" : "no"]
    case .time(let millis): [millis == 0 ? "-" : timeText(millis: millis)]
    case .seconds(let seconds): [durationText(seconds: seconds)]
    case .list(let values): values.isEmpty ? ["-"] : values.flatMap(lines)
    case .record(let fields):
      [
        fields.map { "\($0.label) \(lines($0.value).joined(separator: ", "))" }
          .joined(separator: ", ")
      ]
    }
  }
}
