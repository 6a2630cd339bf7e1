internal import TokenWire

/// The question whether an application may use the person's account (F17). The ticket, made by the
/// service, holds everything the answer is about; the page only carries it.
struct ConsentPage {
  let person: Person
  let app: AppInfo
  /// Where the answer will lead, for the person and for the content security policy.
  let callbackHost: [UInt8]
  let redirectURI: [UInt8]
  let scopes: [UInt8]
  let newScopes: [UInt8]
  /// Base64url, as it stands in the form.
  let ticket: [UInt8]
  let token: [UInt8]
  var showsIcons = true

  static let allow: StaticString = "allow"
  static let deny: StaticString = "deny"

  var page: Page {
    let card = AppCard(app, showsIcon: showsIcons)
    var sources = PageSources()
    card.allowIcon(in: &sources)
    sources.allowForms(to: redirectURI)
    let frame = PageFrame(
      title: "Allow an application to use your account?", subject: app.name, person: person)
    return frame.page(sources: sources) { html in
      card.write(to: &html)
      warning(&html)
      access(&html)
      destination(&html)
      answer(&html)
    }
  }

  private func warning(_ html: inout HTML) {
    guard app.isPublic else { return }
    html.element("p", [.style("notice")]) { html in
      html.text("This application runs on a device or in a browser and cannot prove who it is. ")
      html.text("Allow it only if you have just started it yourself.")
    }
  }

  private func access(_ html: inout HTML) {
    let asked = ScopeWords.list(scopes)
    let new = ScopeWords.list(newScopes)
    html.element("h2") { html in
      html.isolated(app.name)
      html.text(" asks to:")
    }
    html.element("ul", [.id("scopes")]) { html in
      for scope in asked {
        html.element("li") { html in
          ScopeWords.write(scope, to: &html)
          // Where everything is new, saying so helps nobody.
          if new.count < asked.count {
            html.text(" ")
            html.element(
              "span", [.style("mark")], text: new.contains(scope) ? "new" : "allowed before")
          }
        }
      }
    }
  }

  private func destination(_ html: inout HTML) {
    html.element("p") { html in
      // The host in an address of an app's own scheme is any name that its maker liked.
      let isOwnScheme = WebLink(redirectURI) == nil
      html.text("Your answer takes you to ")
      if isOwnScheme { html.text("the program on your device that opens ") }
      html.element("strong", [.id("callback-host")]) { html in
        html.isolated(isOwnScheme ? redirectURI.prefix { $0 != 0x3A } + [0x3A] : callbackHost)
      }
      html.text(". You can take an Allow back at any time under Authorized applications.")
    }
  }

  private func answer(_ html: inout HTML) {
    html.form(to: .consent, token: token) { html in
      html.hidden("ticket", ticket)
      html.element("div", [.style("acts")]) { html in
        decision(&html, Self.deny, "Deny", style: "plain")
        decision(&html, Self.allow, "Allow", style: "main")
      }
    }
  }

  private func decision(
    _ html: inout HTML, _ value: StaticString, _ label: StaticString, style: StaticString
  ) {
    html.element(
      "button",
      [
        .of("type", "submit"), .of("name", "decision"), .of("value", value), .id(value),
        .style(style),
      ], text: label)
  }
}
