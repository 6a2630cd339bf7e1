import Testing
import TokenWire

@testable import TokenServer

struct RightsTableTests {
  private func table(_ rules: [AllowRule]) throws(ConfigurationError) -> RightsTable {
    try RightsTable(
      rules: rules, ownUid: 990, userNumber: { $0 == "web" ? 33 : nil },
      groupNumber: { $0 == "gateways" ? 500 : nil })
  }

  @Test("nobody but root and the daemon itself has rights without an allow line")
  func denyByDefault() throws {
    let table = try table([])
    #expect(table.rights(uid: 0, groups: [], ceiling: .all) == .all)
    #expect(table.rights(uid: 990, groups: [], ceiling: .all) == .all)
    #expect(table.rights(uid: 1000, groups: [0, 990], ceiling: .all) == [])
  }

  @Test("the listener's rights bind root and the daemon too")
  func ceiling() throws {
    let table = try table([AllowRule(subject: .user(.number(7)), rights: .all)])
    for uid: UInt32 in [0, 990, 7] {
      #expect(table.rights(uid: uid, groups: [], ceiling: .validate) == .validate)
    }
  }

  @Test("rights are the union of every line that matches")
  func union() throws {
    let table = try table([
      AllowRule(subject: .user(.name("web")), rights: .validate),
      AllowRule(subject: .user(.number(33)), rights: .front),
      AllowRule(subject: .group(.name("gateways")), rights: .issue),
      AllowRule(subject: .group(.number(501)), rights: .admin),
    ])
    #expect(table.rights(uid: 33, groups: [], ceiling: .all) == [.validate, .front])
    #expect(table.rights(uid: 33, groups: [500], ceiling: .all) == [.validate, .front, .issue])
    #expect(table.rights(uid: 34, groups: [501, 9], ceiling: .all) == .admin)
    // A uid is no gid.
    #expect(table.rights(uid: 500, groups: [33], ceiling: .all) == [])
  }

  @Test("an account that does not exist stops the start")
  func unknownAccount() {
    let text = errorText { () throws(ConfigurationError) in
      _ = try table([AllowRule(subject: .group(.name("nosuch")), rights: .all)])
    }
    #expect(
      text == "configuration: allow = gid:nosuch names no group of this system; "
        + "create the group, correct the name, or use its number")
  }

  @Test("a refusal names the uid and the very line that would allow it")
  func refusal() throws {
    let text = RightsTable.refusal(
      uid: 1001, needed: [.front, .admin], ceiling: [.validate, .admin], listenerPath: "/run/s")
    #expect(
      text == "uid 1001 has no right admin on /run/s; "
        + "to allow it add \"allow = uid:1001 rights=admin\"")
    let line = try readConfiguration(minimalFile + "allow = uid:1001 rights=admin\n")
    #expect(line.allowRules == [AllowRule(subject: .user(.number(1001)), rights: .admin)])
    #expect(
      RightsTable.refusal(uid: 5, needed: .issue, ceiling: .validate, listenerPath: "/run/s")
        == "uid 5 has no right issue on /run/s, where the most is validate; "
        + "use another socket, or add the right to this one's rights=")
  }
}
