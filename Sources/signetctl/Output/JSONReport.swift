/// A report for scripts: one object. Keys are the contract's field names and stay.
enum JSONReport {
  static func text(_ report: Report) -> String {
    var members: [Field] = []
    for block in report.blocks {
      switch block {
      case .line: continue
      case .fields(let fields): members += fields
      case .table(let key, _, let rows), .prose(let key, let rows, _):
        members.append(Field(key, .list(rows.map { .record($0) })))
      }
    }
    if !report.notes.isEmpty {
      members.append(Field("notes", .list(report.notes.map { .text($0) })))
    }
    return JSONWriter.object(members)
  }

  static func text(_ error: CommandError) -> String {
    JSONWriter.object([Field("error", .record(error.fields))])
  }
}
