/// The documentation's registration form, for a new application and for one that is edited.
struct ApplicationFormPage {
  let person: Person
  let form: ApplicationForm
  let token: [UInt8]
  /// Nil: a new one.
  var clientID: [UInt8]?
  /// Its name as it is stored.
  var name: [UInt8] = []
  /// The revision that is edited.
  var revision: UInt32 = 0
  var notice: Notice?
  var status = 200

  var page: Page {
    let frame = PageFrame(
      title: clientID == nil ? "Register an application" : "Edit the application",
      subject: name, person: person, section: .applications, notice: notice ?? summary)
    return frame.page(status: status) { html in
      if let clientID {
        html.element("p") { html in
          html.text("Client id: ")
          html.element("code") { $0.text(clientID) }
        }
      }
      html.form(to: path, token: token) { html in
        if clientID != nil { html.hidden("revision", Array("\(revision)".utf8)) }
        trust(&html)
        clientType(&html)
        texts(&html)
        html.element("div", [.style("acts")]) { html in
          html.button(clientID == nil ? "Register" : "Save", style: "main")
          html.link("Cancel", to: clientID.map { .application($0) } ?? .applications)
        }
      }
    }
  }

  private var path: PagePath {
    clientID.map { PagePath.application($0).appending(segment: "edit") } ?? .newApplication
  }

  private var summary: Notice? {
    switch form.problems.count {
    case 0: nil
    case 1: .problem("Nothing was saved. One field needs another look: it says why.")
    default: .problem("Nothing was saved. Some fields need another look: they say why.")
    }
  }

  private func trust(_ html: inout HTML) {
    guard person.isSystemAdmin else { return }
    html.checkbox(
      field(.isTrusted, "Is trusted", value: form.isTrusted ? ApplicationForm.yes.bytes : []),
      FormChoice(
        value: ApplicationForm.yes, label: "This application is trusted",
        hint: """
          People are not asked before it may use their accounts. Only system administrators can \
          set this.
          """))
  }

  private func clientType(_ html: inout HTML) {
    if clientID != nil {
      html.element("p") { html in
        html.text(form.isPublic ? "Public client" : "Confidential client")
        html.text(". This cannot be changed: register another application instead.")
      }
      return
    }
    let value = form.isPublic ? ApplicationForm.publicClient : ApplicationForm.confidential
    html.choices(
      field(.clientType, "Client type", value: value.bytes),
      [
        FormChoice(
          value: ApplicationForm.confidential, label: "Confidential",
          hint: "It runs on a server and can keep a client secret."),
        FormChoice(
          value: ApplicationForm.publicClient, label: "Public",
          hint: """
            It runs in a browser, on a phone or on a desktop, where no secret stays one. It gets \
            no client secret and must use PKCE: with each authorization it sends a code_challenge \
            (method S256), and with the code the code_verifier that fits.
            """),
      ])
  }

  private func texts(_ html: inout HTML) {
    html.line(
      field(
        .name, "Display name", form.name, hint: "Shown to people. At most 64 characters."),
      maxLength: 64)
    html.area(
      field(
        .description, "Description", form.description,
        hint: "What it does, for the people who are asked. At most 512 characters."),
      rows: "3")
    html.line(
      field(
        .homepage, "Homepage", form.homepage,
        hint: "An http:// or https:// address, at most 256 bytes."),
      type: "url")
    html.line(
      field(
        .iconURL, "Icon URL", form.iconURL,
        hint: "The address of a square image, http:// or https://, at most 512 bytes.",
        isRequired: false),
      type: "url")
    html.area(
      field(
        .callbacks, "Callback URLs", form.callbacks,
        hint: """
          One on each line, at most 16. People are sent back to one of these and to nowhere else, \
          so each must be exactly what the application sends as redirect_uri.
          """),
      rows: "4")
  }

  private func field(
    _ field: ApplicationForm.Field, _ label: StaticString, _ value: [UInt8] = [],
    hint: StaticString? = nil, isRequired: Bool = true
  ) -> FormField {
    FormField(
      name: field.name, label: label, hint: hint, value: value, problem: form.problems[field],
      isRequired: isRequired)
  }

  private func field(
    _ field: ApplicationForm.Field, _ label: StaticString, value: [UInt8]
  ) -> FormField { self.field(field, label, value) }
}
