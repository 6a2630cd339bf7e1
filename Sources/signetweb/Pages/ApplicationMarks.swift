internal import TokenWire

/// What is special about an application, in a word each.
struct ApplicationMarks {
  private let marks: [StaticString]

  init(_ app: AppEntry) {
    var marks: [StaticString] = [app.isPublic ? "public client" : "confidential client"]
    if app.trusted { marks.append("trusted") }
    if app.dynamicallyRegistered { marks.append("registered by itself") }
    if !app.audiences.isEmpty { marks.append("resource server") }
    self.marks = marks
  }

  func write(to html: inout HTML) {
    html.element("p") { html in
      for mark in marks {
        html.element("span", [.style("mark")], text: mark)
        html.text(" ")
      }
    }
  }
}
