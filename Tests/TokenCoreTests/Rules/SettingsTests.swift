import Testing

@testable import TokenCore

@Suite("Settings")
struct SettingsTests {
  private func changes(_ pairs: [(String, String)]) -> [SettingChange] {
    pairs.map { SettingChange(name: Array($0.utf8), value: Array($1.utf8)) }
  }

  @Test func F1_F2_F3_F42_defaultsOfAFreshService() {
    let fixture = Fixture(isOn: false)
    let values = SettingRegistry.values(of: fixture.settings).map {
      [String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)]
    }
    #expect(
      values == [
        ["provider-enabled", "false"], ["restrict-integrations-to-admins", "true"],
        ["enable-username-override", "false"], ["enable-icon-override", "false"],
        ["dynamic-registration", "false"], ["dynamic-registration-allowlist", ""],
        ["require-https-urls", "false"], ["code-lifetime-seconds", "60"],
        ["access-token-lifetime-seconds", "2592000"], ["refresh-idle-seconds", "7776000"],
        ["refresh-absolute-seconds", "31536000"], ["refresh-grace-seconds", "10"],
        ["public-client-refresh", "true"], ["revoke-on-password-change", "true"],
        ["grants-per-user", "500"], ["issuer", ""],
      ])
  }

  @Test func F1_theProviderIsSwitchedOnWhileItIsOff() {
    let fixture = Fixture(isOn: false)
    #expect(fixture.reason(fixture.setting("provider-enabled", "true")) == nil)
    #expect(fixture.settings.isProviderEnabled)
    #expect(fixture.state.gates.provider.contains(.on))
    #expect(fixture.reason(fixture.setting("provider-enabled", "false")) == nil)
    #expect(!fixture.state.gates.provider.contains(.on))
    #expect(fixture.rebuilt() == [])
  }

  @Test func F3_overridesReachTheWorkers() {
    let fixture = Fixture()
    fixture.commit(fixture.setting("enable-username-override", "true"))
    #expect(fixture.state.gates.provider == [.on, .usernameOverride])
    fixture.commit(fixture.setting("enable-icon-override", "true"))
    #expect(fixture.state.gates.provider == [.on, .usernameOverride, .iconOverride])
  }

  @Test func onlyAdministratorsReadOrChange() {
    let fixture = Fixture()
    #expect(fixture.reason(.getSettings(fixture.alice)) == .forbidden)
    #expect(
      fixture.reason(fixture.setting("grants-per-user", "9", by: fixture.alice)) == .forbidden)
    #expect(fixture.commit(.getSettings(fixture.admin)) == .settings(fixture.settings))
    #expect(fixture.reason(.getSettings(.localAdministration)) == nil)
    var person = fixture.admin
    person.login = .oauthToken
    #expect(fixture.reason(.getSettings(person)) == .personLoginRefused)
    fixture.commit(.disableUser(fixture.admin.user))
    #expect(fixture.reason(.getSettings(fixture.admin)) == .userDisabled)
  }

  @Test func allChangesOrNone() {
    let fixture = Fixture()
    let before = fixture.settings
    let wrong = changes([("grants-per-user", "9"), ("code-lifetime-seconds", "601")])
    let refusal = fixture.refusal(.setSettings(fixture.admin, wrong))
    #expect(refusal?.reason == .invalidField)
    #expect(refusal?.field == "settings[1].value")
    #expect(refusal?.message.hasPrefix("code-lifetime-seconds: must be") == true)
    #expect(fixture.settings == before)
    let right = changes([("grants-per-user", "9"), ("code-lifetime-seconds", "600")])
    guard case .settings(let changed) = fixture.commit(.setSettings(fixture.admin, right)) else {
      Issue.record("refused")
      return
    }
    #expect(changed == fixture.settings)
    #expect(changed.grantsPerUser == 9)
    #expect(changed.codeLifetimeSeconds == 600)
    #expect(fixture.rebuilt() == [])
  }

  @Test func everySettingGoesThroughItsTextAndItsRecord() {
    let fixture = Fixture(isOn: false)
    let pairs = [
      ("provider-enabled", "true"), ("restrict-integrations-to-admins", "false"),
      ("enable-username-override", "true"), ("enable-icon-override", "true"),
      ("dynamic-registration", "true"),
      ("dynamic-registration-allowlist", "https://a.example/cb cursor://*/**"),
      ("require-https-urls", "true"), ("code-lifetime-seconds", "1"),
      ("access-token-lifetime-seconds", "60"), ("refresh-idle-seconds", "315360000"),
      ("refresh-absolute-seconds", "61"), ("refresh-grace-seconds", "0"),
      ("public-client-refresh", "false"), ("revoke-on-password-change", "false"),
      ("grants-per-user", "1000"), ("issuer", "https://id.example/a"),
    ]
    #expect(fixture.reason(.setSettings(.localAdministration, changes(pairs))) == nil)
    #expect(SettingRegistry.values(of: fixture.settings) == changes(pairs))
    #expect(fixture.rebuilt() == [])
  }

  @Test(arguments: [
    ("provider-enabled", "on"), ("provider-enabled", "TRUE"), ("provider-enabled", ""),
    ("provider-enabled", "1"), ("code-lifetime-seconds", "0"), ("code-lifetime-seconds", "060"),
    ("code-lifetime-seconds", "+60"), ("code-lifetime-seconds", "-1"),
    ("code-lifetime-seconds", "1e2"), ("code-lifetime-seconds", " 60"),
    ("code-lifetime-seconds", ""), ("access-token-lifetime-seconds", "59"),
    ("access-token-lifetime-seconds", "315360001"), ("refresh-idle-seconds", "99999999999"),
    ("refresh-idle-seconds", "18446744073709551616"), ("refresh-grace-seconds", "61"),
    ("grants-per-user", "0"), ("grants-per-user", "1001"), ("issuer", "id.example"),
    ("issuer", "https://id.example?x"), ("issuer", "https://id.example#x"),
    ("dynamic-registration-allowlist", "https://a/***"), ("dynamic-registration-allowlist", "*"),
    ("dynamic-registration-allowlist", "https://a.example/cb  https://b.example/cb"),
    ("dynamic-registration-allowlist", " https://a.example/cb"),
    ("dynamic-registration-allowlist", "https://a.example/cb "),
    ("dynamic-registration-allowlist", " "),
  ])
  func aWrongValueIsRefused(name: String, value: String) {
    let fixture = Fixture()
    let before = fixture.settings
    #expect(fixture.reason(fixture.setting(name, value)) == .invalidField)
    #expect(fixture.settings == before)
  }

  @Test func theAllowlistIsBounded() {
    let fixture = Fixture()
    let name = "dynamic-registration-allowlist"
    func globs(_ count: Int, _ length: Int) -> String {
      (0..<count).map { _ in "https://" + String(repeating: "a", count: length - 8) }
        .joined(separator: " ")
    }
    #expect(fixture.reason(fixture.setting(name, globs(16, 20))) == nil)
    #expect(fixture.reason(fixture.setting(name, globs(17, 20))) == .invalidField)
    #expect(fixture.reason(fixture.setting(name, globs(16, 127))) == nil)
    #expect(fixture.reason(fixture.setting(name, globs(16, 128))) == .invalidField)
    #expect(fixture.reason(fixture.setting(name, globs(1, 2_048))) == nil)
    #expect(fixture.reason(fixture.setting("issuer", globs(1, 256))) == nil)
    #expect(fixture.reason(fixture.setting("issuer", globs(1, 257))) == .invalidField)
    #expect(fixture.rebuilt() == [])
  }

  @Test func anUnknownNameIsRefusedWithTheNearest() {
    let fixture = Fixture()
    let refusal = fixture.refusal(fixture.setting("code-lifetime", "60"))
    #expect(refusal?.reason == .unknownSetting)
    #expect(refusal?.field == "settings[0].name")
    #expect(refusal?.message.hasSuffix("the nearest is code-lifetime-seconds") == true)
    let long = fixture.refusal(fixture.setting(String(repeating: "x", count: 60_000), "1"))
    #expect(long?.reason == .unknownSetting)
    #expect(fixture.reason(fixture.setting("", "1")) == .unknownSetting)
  }

  @Test func aNameTwiceIsRefused() {
    let fixture = Fixture()
    let twice = changes([("grants-per-user", "9"), ("grants-per-user", "8")])
    #expect(fixture.refusal(.setSettings(fixture.admin, twice))?.field == "settings[1].name")
  }
}
