internal import TokenWire

/// The system console: the documentation's switches, and the other settings to read.
struct SystemPage {
  let person: Person
  let form: SystemForm
  /// Every setting, as the service has it.
  let settings: [SettingEntry]
  let token: [UInt8]
  var notice: Notice?
  var status = 200

  var page: Page {
    let frame = PageFrame(
      title: "System console", person: person, section: .system, notice: notice)
    return frame.page(status: status) { html in
      html.form(to: .system, token: token) { html in
        for (index, item) in SystemForm.switches.enumerated() {
          html.choices(
            FormField(
              name: item.setting, label: item.label, hint: item.hint,
              value: form.values[index], problem: form.problems[index]),
            [
              FormChoice(value: "true", label: "On"), FormChoice(value: "false", label: "Off"),
            ])
        }
        html.element("div", [.style("acts")]) { $0.button("Save", style: "main") }
      }
      others(&html)
    }
  }

  private func others(_ html: inout HTML) {
    let switches = SystemForm.switches.map { $0.setting.bytes }
    let others = settings.filter { !switches.contains($0.name) }
    if others.isEmpty { return }
    html.element("h2", text: "Other settings")
    html.element("p", [.style("quiet")]) { html in
      html.text("To change these: ")
      html.element("code", text: "signetctl settings set NAME=VALUE")
    }
    html.element("table") { html in
      html.element("thead") { html in
        html.element("tr") { html in
          html.element("th", [.of("scope", "col")], text: "Setting")
          html.element("th", [.of("scope", "col")], text: "Value")
        }
      }
      html.element("tbody") { html in
        for setting in others {
          html.element("tr") { html in
            html.element("th", [.of("scope", "row")]) { $0.text(setting.name) }
            html.element("td") { html in
              html.text(setting.value.isEmpty ? Array("none".utf8) : setting.value)
            }
          }
        }
      }
    }
  }
}
