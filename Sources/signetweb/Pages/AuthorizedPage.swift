internal import TokenWire

/// The applications that a person has let in, each with a way to take that back (F22, F23).
struct AuthorizedPage {
  /// An application and the token of its Revoke form.
  struct Entry {
    let app: AuthorizedApp
    let token: [UInt8]
  }

  let person: Person
  let entries: [Entry]
  var nextCursor: UInt64?
  var isContinued = false
  var showsIcons = true
  var notice: Notice?
  var status = 200

  var page: Page {
    var sources = PageSources()
    for entry in entries { card(entry).allowIcon(in: &sources) }
    let frame = PageFrame(
      title: "Authorized applications", person: person, section: .authorized, notice: notice)
    return frame.page(status: status, sources: sources) { html in
      html.element("p", [.style("quiet")]) { html in
        html.text("Applications that may use your account. Revoke ends all their access at once.")
      }
      if entries.isEmpty {
        html.element("p") { html in
          html.text(
            isContinued
              ? "There are no more." : "You have not authorized any application.")
        }
      } else {
        list(&html)
      }
      if let nextCursor {
        let path = PagePath.authorized.with("after", Array("\(nextCursor)".utf8))
        html.element("p") { $0.link("Next page", to: path, style: "button") }
      }
    }
  }

  private func card(_ entry: Entry) -> AppCard {
    AppCard(entry.app.app, showsIcon: showsIcons)
  }

  private func list(_ html: inout HTML) {
    html.element("ul", [.style("cards"), .id("authorized")]) { html in
      for entry in entries {
        html.element("li") { html in
          card(entry).write(to: &html) { item(entry, &$0) }
        }
      }
    }
  }

  private func item(_ entry: Entry, _ html: inout HTML) {
    let app = entry.app
    let line = ClientIDLine(clientID: app.app.clientId)
    line.write(to: &html)
    html.element("p") { html in
      html.text("It may:")
    }
    html.element("ul") { html in
      for scope in ScopeWords.list(app.scope) {
        html.element("li") { ScopeWords.write(scope, to: &$0) }
      }
    }
    html.element("p", [.style("quiet")]) { html in
      html.text("Since ")
      html.text(CalendarDate(unixMillis: app.firstAuthorizedAt).text)
      if app.grants == 0 { html.text("; at present it holds no token") }
      html.text(".")
    }
    html.form(to: .deauthorize, token: entry.token) { html in
      html.hidden("client_id", app.app.clientId)
      // The name is for those who hear the buttons without what stands around them.
      html.element(
        "button",
        [
          .of("type", "submit"), .style("danger"),
          .of("aria-label", Array("Revoke ".utf8) + app.app.name), line.describes,
        ], text: "Revoke")
    }
  }
}
