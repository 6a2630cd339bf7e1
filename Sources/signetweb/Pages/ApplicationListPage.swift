internal import TokenWire

/// The applications that a person registered; for a system administrator, all.
struct ApplicationListPage {
  let person: Person
  let apps: [AppEntry]
  /// A system administrator looks at the own ones only.
  var showsOwnOnly = false
  /// What is searched for; empty: nothing.
  var filter: [UInt8] = []
  /// Where the list goes on, nil at its end.
  var nextCursor: UInt64?
  /// This is not the list's beginning.
  var isContinued = false
  var showsIcons = true
  var notice: Notice?

  var page: Page {
    var sources = PageSources()
    for app in apps { card(app).allowIcon(in: &sources) }
    let frame = PageFrame(
      title: "Applications", person: person, section: .applications, notice: notice)
    return frame.page(sources: sources) { html in
      html.element("div", [.style("acts")]) { html in
        html.link("Register an application", to: .newApplication, style: "button main")
        scope(&html)
      }
      search(&html)
      if apps.isEmpty { nothing(&html) } else { list(&html) }
      further(&html)
    }
  }

  private func card(_ app: AppEntry) -> AppCard { AppCard(app, showsIcon: showsIcons) }

  private func scope(_ html: inout HTML) {
    guard person.isSystemAdmin else { return }
    if showsOwnOnly {
      html.link("Show all applications", to: .applications)
    } else {
      html.link("Show only my own", to: PagePath.applications.with("mine", "1"))
    }
  }

  private func search(_ html: inout HTML) {
    html.element(
      "form",
      [
        .of("method", "get"), .of("action", PagePath.applications.bytes), .of("role", "search"),
        .style("search"),
      ]
    ) { html in
      if showsOwnOnly { html.hidden("mine", [0x31]) }
      html.line(
        FormField(
          name: "q", label: "Name or client id contains", value: filter, isRequired: false,
          marksOptional: false),
        type: "search")
      html.button("Search")
      if !filter.isEmpty { html.link("Show the whole list", to: listPath) }
    }
  }

  private func nothing(_ html: inout HTML) {
    html.element("p") { html in
      if !filter.isEmpty {
        html.text(
          nextCursor == nil ? "No application fits." : "Among those searched so far, none fits.")
      } else if isContinued {
        html.text("There are no more applications.")
      } else {
        html.text("No application is registered here yet.")
      }
    }
  }

  private func list(_ html: inout HTML) {
    html.element("ul", [.style("cards"), .id("applications")]) { html in
      for app in apps {
        html.element("li") { html in
          let line = ClientIDLine(clientID: app.clientId)
          card(app).write(
            to: &html, nameLink: .application(app.clientId), idLine: line
          ) { html in
            line.write(to: &html)
            ApplicationMarks(app).write(to: &html)
          }
        }
      }
    }
  }

  private func further(_ html: inout HTML) {
    guard let nextCursor else { return }
    var path = listPath.with("after", Array("\(nextCursor)".utf8))
    if !filter.isEmpty { path = path.with("q", filter) }
    html.element("p") { html in
      html.link(
        filter.isEmpty ? "Next page" : "Search further", to: path, style: "button")
    }
  }

  private var listPath: PagePath {
    showsOwnOnly ? PagePath.applications.with("mine", "1") : .applications
  }
}
