internal import TokenWire

/// Asks once more before something that cannot be taken back.
struct ConfirmationPage {
  enum Act {
    case delete
    case regenerateSecret

    /// The last segment of its address, and the act that its form token is bound to.
    var name: StaticString {
      switch self {
      case .delete: "delete"
      case .regenerateSecret: "secret"
      }
    }
  }

  let act: Act
  let person: Person
  let app: AppEntry
  let token: [UInt8]
  var showsIcons = true
  var notice: Notice?
  var status = 200

  var page: Page {
    let card = AppCard(app, showsIcon: showsIcons)
    var sources = PageSources()
    card.allowIcon(in: &sources)
    let frame = PageFrame(
      title: act == .delete ? "Delete this application?" : "Regenerate the client secret?",
      subject: app.name, person: person, section: .applications, notice: notice)
    return frame.page(status: status, sources: sources) { html in
      card.write(to: &html)
      html.element("p") { $0.text(consequence) }
      let path = PagePath.application(app.clientId)
      html.form(to: path.appending(segment: act.name), token: token) { html in
        html.element("div", [.style("acts")]) { html in
          switch act {
          case .delete: html.button("Delete", style: "danger")
          case .regenerateSecret: html.button("Regenerate secret", style: "danger")
          }
          html.link("Cancel", to: path)
        }
      }
    }
  }

  private var consequence: StaticString {
    switch act {
    case .delete:
      """
      Everybody who uses it loses access at once: its tokens, and what people allowed it, are \
      gone. This cannot be undone.
      """
    case .regenerateSecret:
      """
      The present secret fails at once, so the application cannot get or refresh tokens until it \
      has the new one. People stay connected, and tokens that are out stay good.
      """
    }
  }
}
