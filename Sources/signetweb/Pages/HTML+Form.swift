extension HTML {
  /// The name of the hidden field with the form token.
  static let tokenField: StaticString = "csrf"

  /// A form that changes something. It is a POST and has its token: no form can be written without.
  mutating func form(
    to path: PagePath, token: [UInt8], _ content: (inout HTML) -> Void
  ) {
    // The service judges what was typed and this page says it beside the field; what a browser
    // would say instead differs from one to the other.
    element(
      "form", [.of("method", "post"), .of("action", path.bytes), .flag("novalidate")]
    ) { html in
      html.hidden(Self.tokenField, token)
      content(&html)
    }
  }

  mutating func hidden(_ name: StaticString, _ value: [UInt8]) {
    void("input", [.of("type", "hidden"), .of("name", name), .of("value", value)])
  }

  // MARK: Fields

  /// Label, hint, the reason why it came back, and one line to type into.
  mutating func line(_ field: FormField, type: StaticString = "text", maxLength: Int? = nil) {
    element("div", [.style("field")]) { html in
      html.explain(field)
      var attributes: [Attribute] = [.of("type", type), .of("value", field.value)]
      if let maxLength {
        attributes.append(.of("maxlength", Array("\(maxLength)".utf8)))
      }
      html.void("input", field.attributes + attributes)
    }
  }

  /// The same with several lines.
  mutating func area(_ field: FormField, rows: StaticString) {
    element("div", [.style("field")]) { html in
      html.explain(field)
      html.element("textarea", field.attributes + [.of("rows", rows)]) { html in
        // A parser drops one line feed here, which would be the first one of the text.
        html.text("\n")
        html.text(field.value)
      }
    }
  }

  private mutating func explain(_ field: FormField) {
    element("label", [.of("for", field.name)]) { html in
      html.text(field.label)
      if !field.isRequired && field.marksOptional { html.text(" (optional)") }
    }
    if let hint = field.hint {
      element("p", [.style("hint"), .of("id", field.hintID)], text: hint)
    }
    problem(of: field)
  }

  private mutating func problem(of field: FormField) {
    guard let problem = field.problem else { return }
    element("p", [.style("error"), .of("id", field.problemID)]) { html in
      html.text("Problem: ")
      html.text(problem)
    }
  }

  // MARK: Choices

  /// A question with one answer of several.
  mutating func choices(_ field: FormField, _ choices: [FormChoice]) {
    element("fieldset", [.of("role", "radiogroup")] + explanation(of: field)) { html in
      html.element("legend", text: field.label)
      if let hint = field.hint {
        html.element("p", [.style("hint"), .of("id", field.hintID)], text: hint)
      }
      html.problem(of: field)
      for choice in choices { html.write(choice, of: field, type: "radio") }
    }
  }

  /// A statement to agree to.
  mutating func checkbox(_ field: FormField, _ choice: FormChoice) {
    element("fieldset", field.problem == nil ? [] : [field.describedBy]) { html in
      html.element("legend", text: field.label)
      html.problem(of: field)
      html.write(
        choice, of: field, type: "checkbox", field.problem == nil ? [] : [field.validity])
    }
  }

  /// Of a group: what stands beside it, and whether it came back for its answer.
  private func explanation(of field: FormField) -> [Attribute] {
    let described = field.isWithExplanation ? [field.describedBy] : []
    return described + (field.problem == nil ? [] : [field.validity])
  }

  private mutating func write(
    _ choice: FormChoice, of field: FormField, type: StaticString, _ more: [Attribute] = []
  ) {
    let id = field.name.bytes + [0x2D] + choice.value.bytes
    var attributes: [Attribute] = [
      .of("type", type), .of("name", field.name), .of("value", choice.value), .of("id", id),
    ]
    let hintID = id + Array("-hint".utf8)
    if choice.hint != nil { attributes.append(.of("aria-describedby", hintID)) }
    if field.value == choice.value.bytes { attributes.append(.flag("checked")) }
    element("div", [.style("choice")]) { html in
      html.void("input", attributes + more)
      html.element("div") { html in
        html.element("label", [.of("for", id)], text: choice.label)
        if let hint = choice.hint {
          html.element("p", [.style("hint"), .of("id", hintID)], text: hint)
        }
      }
    }
  }

  // MARK: Buttons

  mutating func button(_ label: StaticString, style: StaticString? = nil) {
    let style: [Attribute] = style.map { [.style($0)] } ?? []
    element("button", [.of("type", "submit")] + style, text: label)
  }

  mutating func link(_ label: StaticString, to path: PagePath, style: StaticString? = nil) {
    let style: [Attribute] = style.map { [.style($0)] } ?? []
    element("a", [.to(path)] + style, text: label)
  }
}
