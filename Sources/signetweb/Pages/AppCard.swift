internal import TokenWire

/// Icon, name, description and homepage of an application, as people see them everywhere.
struct AppCard {
  let name: [UInt8]
  let description: [UInt8]
  let homepage: [UInt8]
  let iconURL: [UInt8]

  /// Without `showsIcon` the app has the letter that stands for a missing icon, and the page's
  /// policy names no foreign host.
  init(_ app: AppInfo, showsIcon: Bool) {
    name = app.name
    description = app.description
    homepage = app.homepage
    iconURL = showsIcon ? app.iconUrl : []
  }

  init(_ app: AppEntry, showsIcon: Bool) {
    name = app.name
    description = app.description
    homepage = app.homepage
    iconURL = showsIcon ? app.iconUrl : []
  }

  /// The page's permission to load the icon.
  func allowIcon(in sources: inout PageSources) {
    if let link = WebLink(iconURL) { sources.allowImage(link) }
  }

  /// `rest` is what the place adds below; `idLine`, which `rest` writes, tells links of equal names
  /// apart.
  func write(
    to html: inout HTML, nameLink: PagePath? = nil, idLine: ClientIDLine? = nil,
    _ rest: (inout HTML) -> Void = { _ in }
  ) {
    html.element("div", [.style("app")]) { html in
      icon(&html)
      html.element("div") { html in
        html.element("h2") { html in
          if let nameLink {
            let told = idLine.map { [$0.describes] } ?? []
            html.element("a", [.to(nameLink)] + told) { $0.isolated(name) }
          } else {
            html.isolated(name)
          }
        }
        if !description.isEmpty {
          html.element("p", [.style("lines")]) { $0.isolated(description) }
        }
        if let link = WebLink(homepage) {
          html.element("p") { html in
            html.text("Homepage: ")
            html.element(
              "a", [.to(link), .of("rel", "noopener noreferrer external nofollow")]
            ) { $0.text(homepage) }
          }
        }
        rest(&html)
      }
    }
  }

  /// The icon says nothing that the name beside it does not, so its text is empty. Without one, the
  /// name's first letter.
  private func icon(_ html: inout HTML) {
    if let link = WebLink(iconURL) {
      html.void(
        "img",
        [
          .style("icon"), .of("src", link.url), .of("alt", ""), .of("width", "56"),
          .of("height", "56"), .of("referrerpolicy", "no-referrer"), .of("loading", "lazy"),
        ])
      return
    }
    let first = String(decoding: name, as: UTF8.self).first.map { Array($0.uppercased().utf8) }
    html.element("div", [.style("icon letter"), .of("aria-hidden", "true")]) { html in
      html.isolated(first ?? [0x3F])
    }
  }
}
