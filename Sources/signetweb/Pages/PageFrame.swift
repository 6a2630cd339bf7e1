internal import LinuxIO

/// What all pages have around their content: title, skip link, navigation, the person's name.
struct PageFrame {
  /// The place in the navigation that is marked as the current one.
  enum Section {
    case applications
    case authorized
    case system
    case none
  }

  let title: StaticString
  /// The application that the page is about, for windows and bookmarks; empty: none.
  var subject: [UInt8] = []
  /// Nil where nobody is known: no navigation then.
  let person: Person?
  var section: Section = .none
  /// Said before everything else.
  var notice: Notice?

  /// The page with `content` inside `main`, under the title as its heading.
  func page(
    status: Int = 200, sources: PageSources = PageSources(), _ content: (inout HTML) -> Void
  ) -> Page {
    let body = HTML.document { html in
      html.element("head") { head(&$0) }
      html.element("body") { html in
        html.element("a", [.style("skip"), .of("href", "#main")], text: "Skip to content")
        header(&html)
        html.element("main", [.id("main"), .of("tabindex", "-1")]) { html in
          html.element("h1") { $0.text(title) }
          notice?.write(to: &html)
          content(&html)
        }
      }
    }
    return Page(status: status, sources: sources, body: body)
  }

  private func head(_ html: inout HTML) {
    html.void("meta", [.of("charset", "utf-8")])
    html.void(
      "meta",
      [.of("name", "viewport"), .of("content", "width=device-width, initial-scale=1")])
    html.void("meta", [.of("name", "robots"), .of("content", "noindex")])
    html.element("title") { html in
      // Read out first: a screen reader's user learns at once that the form came back.
      if notice?.kind == .problem { html.text("Problem: ") }
      html.text(title)
      if !subject.isEmpty {
        // A title holds no elements, so the marks that set a foreign name apart are characters.
        html.text(" · \u{2068}")
        html.text(PrintableText.removingUnsafe(subject))
        html.text("\u{2069}")
      }
      html.text(" · Signet")
    }
    html.void("link", [.of("rel", "stylesheet"), .to(.styleSheet)])
  }

  private func header(_ html: inout HTML) {
    guard let person else { return }
    html.element("header") { html in
      html.element("nav", [.of("aria-label", "Console")]) { html in
        html.element("ul") { html in
          item(&html, "Applications", .applications, .applications)
          item(&html, "Authorized applications", .authorized, .authorized)
          if person.isSystemAdmin { item(&html, "System console", .system, .system) }
        }
      }
      html.element("p", [.style("person")]) { html in
        html.text("Signed in as ")
        html.isolated(person.userID)
        if person.isSystemAdmin { html.text(" (system administrator)") }
      }
    }
  }

  private func item(
    _ html: inout HTML, _ label: StaticString, _ path: PagePath, _ section: Section
  ) {
    var attributes: [Attribute] = [.to(path)]
    if section == self.section { attributes.append(.of("aria-current", "page")) }
    html.element("li") { $0.element("a", attributes, text: label) }
  }
}
