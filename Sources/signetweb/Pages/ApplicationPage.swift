internal import TokenWire

/// One application, for who manages it. With its client secret only right after that was made.
struct ApplicationPage {
  let person: Person
  let app: AppEntry
  /// The secret, to be shown this once.
  var secret: [UInt8]?
  var showsIcons = true
  var notice: Notice?

  var page: Page {
    let card = AppCard(app, showsIcon: showsIcons)
    var sources = PageSources()
    card.allowIcon(in: &sources)
    let frame = PageFrame(
      title: "Application", subject: app.name, person: person, section: .applications,
      notice: notice)
    return frame.page(sources: sources) { html in
      card.write(to: &html)
      credentials(&html)
      facts(&html)
      acts(&html)
    }
  }

  private func credentials(_ html: inout HTML) {
    html.element("dl") { html in
      html.element("dt", text: "Client id")
      html.element("dd") { html in
        html.element("code", [.id("client-id")]) { $0.text(app.clientId) }
      }
      html.element("dt", text: "Client secret")
      html.element("dd") { html in
        if let secret {
          html.element("p") { html in
            html.text("Copy it now and keep it like a password: it is shown this once.")
          }
          html.element("code", [.style("secret"), .id("client-secret")]) { $0.text(secret) }
        } else if app.isPublic {
          html.text("None: a public client uses PKCE instead.")
        } else {
          html.text("Not shown again. If it is lost or got out, make another one.")
        }
      }
      html.element("dt", text: "Callback URLs")
      html.element("dd") { html in
        html.element("ul", [.id("callbacks")]) { html in
          for callback in app.callbacks {
            html.element("li") { html in html.element("code") { $0.text(callback) } }
          }
        }
      }
    }
  }

  private func facts(_ html: inout HTML) {
    ApplicationMarks(app).write(to: &html)
    html.element("dl") { html in
      if !app.scopes.isEmpty { fact(&html, "Scopes it may ask for") { $0.text(app.scopes) } }
      if !app.audiences.isEmpty {
        fact(&html, "Resource server for") { html in
          html.text(Array(app.audiences.joined(separator: [0x2C, 0x20])))
        }
      }
      fact(&html, "Registered") { html in
        html.text(CalendarDate(unixMillis: app.createdAt).text)
        if !app.creator.isEmpty {
          html.text(" by ")
          html.isolated(app.creator)
        }
      }
      if app.updatedAt != app.createdAt {
        fact(&html, "Last changed") { $0.text(CalendarDate(unixMillis: app.updatedAt).text) }
      }
    }
  }

  private func fact(
    _ html: inout HTML, _ name: StaticString, _ content: (inout HTML) -> Void
  ) {
    html.element("dt", text: name)
    html.element("dd") { content(&$0) }
  }

  private func acts(_ html: inout HTML) {
    let path = PagePath.application(app.clientId)
    html.element("div", [.style("acts")]) { html in
      html.link("Edit", to: path.appending(segment: "edit"), style: "button")
      if !app.isPublic {
        html.link("Regenerate secret", to: path.appending(segment: "secret"), style: "button")
      }
      html.link("Delete", to: path.appending(segment: "delete"), style: "button danger")
    }
  }
}
