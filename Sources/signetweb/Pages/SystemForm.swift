internal import TokenWire

/// The documentation's switches, as chosen.
struct SystemForm {
  /// A switch: the service's setting, and what the documentation calls it.
  struct Switch {
    let setting: StaticString
    let label: StaticString
    let hint: StaticString
  }

  static let switches = [
    Switch(
      setting: "provider-enabled", label: "Enable OAuth 2.0 service provider",
      hint: """
        When off, nobody can register or authorize applications and no token is good. Nothing is \
        deleted: switched on again, all is as before.
        """),
    Switch(
      setting: "restrict-integrations-to-admins",
      label: "Restrict managing integrations to system administrators",
      hint: "When off, everybody may register applications and manage their own."),
    Switch(
      setting: "enable-username-override", label: "Enable integrations to override usernames",
      hint: "Gateways are told that applications may post under another name."),
    Switch(
      setting: "enable-icon-override",
      label: "Enable integrations to override profile picture icons",
      hint: "Gateways are told that applications may post with another picture."),
  ]

  /// Values by place in `switches`; empty where none is chosen.
  var values: [[UInt8]]
  private(set) var problems: [[UInt8]?]

  init(values: [[UInt8]]) {
    precondition(values.count == Self.switches.count, "a value for each switch")
    self.values = values
    problems = values.map { _ in nil }
  }

  /// As the service has them.
  init(_ settings: [SettingEntry]) {
    self.init(
      values: Self.switches.map { item in
        settings.first { $0.name == item.setting.bytes }?.value ?? []
      })
  }

  mutating func note(_ index: Int, _ problem: [UInt8]) { problems[index] = problem }

  /// Whether everything is chosen; notes what is not.
  mutating func isComplete() -> Bool {
    for (index, value) in values.enumerated()
    where value != Array("true".utf8) && value != Array("false".utf8) {
      problems[index] = Array("choose one of the two".utf8)
    }
    return problems.allSatisfy { $0 == nil }
  }

  /// What the service is asked to set.
  var settings: [SettingEntry] {
    zip(Self.switches, values).map { SettingEntry(name: $0.setting.bytes, value: $1) }
  }
}
