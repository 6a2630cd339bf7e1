/// A sentence at the top of a page: what was done, or why nothing was.
struct Notice {
  enum Kind {
    case done
    case problem
  }

  let kind: Kind
  let text: [UInt8]

  static func done(_ text: StaticString) -> Notice { Notice(kind: .done, text: text.bytes) }

  static func problem(_ text: StaticString) -> Notice {
    Notice(kind: .problem, text: text.bytes)
  }

  func write(to html: inout HTML) {
    let isProblem = kind == .problem
    html.element(
      "div",
      [
        .style(isProblem ? "notice problem" : "notice done"),
        .of("role", isProblem ? "alert" : "status"),
      ]
    ) { html in
      html.element("p") { $0.text(text) }
    }
  }
}
