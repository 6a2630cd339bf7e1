/// A page that says one thing: that something is refused, broken or not there, and what to do.
struct MessagePage {
  let title: StaticString
  let status: Int
  var person: Person?
  /// What happened.
  let text: [UInt8]
  /// What helps.
  var remedy: StaticString?
  var retryAfterSeconds: Int?

  var page: Page {
    let frame = PageFrame(title: title, person: person)
    var page = frame.page(status: status) { html in
      html.element("p", [.id("message")]) { $0.text(text) }
      if let remedy { html.element("p", text: remedy) }
    }
    page.retryAfterSeconds = retryAfterSeconds
    return page
  }
}
