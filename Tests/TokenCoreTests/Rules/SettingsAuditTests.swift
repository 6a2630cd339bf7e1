import Testing

@testable import TokenCore

@Suite("Audit trail of administration")
struct SettingsAuditTests {
  private func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  @Test func F46_attemptsAndResultsAreRecorded() {
    let fixture = Fixture()
    fixture.set { $0.allowsDynamicRegistration = true }
    let clientID = fixture.register(by: fixture.alice)
    let digest = Fixture.digest("x")
    fixture.commit(fixture.registration(by: fixture.alice))
    fixture.commit(fixture.update(clientID, by: fixture.admin))
    fixture.commit(.regenerateSecret(fixture.bob, clientID: clientID, digest))
    fixture.commit(.deleteApp(fixture.bob, clientID: clientID))
    fixture.commit(.deleteApp(fixture.alice, clientID: clientID))
    fixture.commit(
      .registerAppDynamically(
        RegisterDynamically(
          redirectURIs: [], authMethod: [], clientName: [], clientURI: [], scope: [],
          clientID: fixture.newClientID(), secretDigest: digest)))
    fixture.commit(fixture.setting("grants-per-user", "0"))
    fixture.commit(.disableUser(text("eve")))
    fixture.commit(.rotateKey(salt: fixture.newID()))
    let trail = fixture.trail
    #expect(
      trail.map(\.event) == [
        .appRegistered, .appUpdated, .secretRegenerated, .appDeleted, .appDeleted,
        .appRegisteredDynamically, .settingsChanged, .userDisabled, .keyRotated,
      ])
    let forbidden = Refusal.Reason.forbidden.rawValue
    #expect(
      trail.map(\.refusal) == [
        forbidden, 0, forbidden, forbidden, 0, Refusal.Reason.invalidRedirectURI.rawValue,
        Refusal.Reason.invalidField.rawValue, 0, 0,
      ])
    #expect(
      trail.map(\.actor)
        == ["alice", "admin", "bob", "bob", "alice", "", "admin", "", ""].map(text))
    #expect(trail[3].clientID == clientID)
    #expect(trail[7].user == text("eve"))
    #expect(trail.allSatisfy { $0.peerUID == 1_000 && $0.atMillis == fixture.nowMillis })
    #expect(fixture.rebuilt() == [])
  }

  @Test func F46_whatIsNoIDIsLeftOutOfTheTrail() {
    let fixture = Fixture()
    let long = [UInt8](repeating: 0x61, count: 60_000)
    let person = Person(user: long, isSystemAdmin: true, login: .session)
    fixture.commit(.deleteApp(person, clientID: long))
    fixture.commit(.disableUser(long))
    fixture.commit(.revokeApp(clientID: long))
    #expect(fixture.trail.count == 3)
    #expect(fixture.trail.allSatisfy { $0.actor == [] && $0.user == [] && $0.clientID == [] })
  }

  @Test(arguments: [1, 300, 60_000])
  func theTrailIsListedFromTheOldestAndGoesOn(maxBytes: Int) {
    let fixture = Fixture()
    for number in 0..<20 { fixture.commit(.disableUser(text("user\(number)"))) }
    var users: [[UInt8]] = []
    var cursor: UInt64 = 0
    var last: UInt64 = 0
    repeat {
      guard
        case .audit(let page, let next) = fixture.commit(
          .audit(Page(cursor: cursor, maxBytes: maxBytes)))
      else { break }
      users += page.map(\.user)
      last = page.last?.position ?? last
      cursor = next
    } while cursor != 0
    #expect(users == (0..<20).map { text("user\($0)") })
    fixture.commit(.disableUser(text("late")))
    guard case .audit(let page, 0) = fixture.commit(.audit(Page(cursor: last, maxBytes: 1_000)))
    else {
      Issue.record("no page")
      return
    }
    #expect(page.map(\.user) == [text("late")])
  }

  @Test func theOldestRecordsGoWhenTheTrailIsFull() {
    var sizes = TableSizes.small
    sizes.auditRecords = 8
    let fixture = Fixture(sizes: sizes)
    for number in 0..<21 { fixture.commit(.disableUser(text("user\(number)"))) }
    #expect(fixture.trail.map(\.user) == (13..<21).map { text("user\($0)") })
    #expect(fixture.rebuilt() == [])
  }

  @Test func anEmptyTrailIsAnEmptyPage() {
    let fixture = Fixture()
    #expect(fixture.commit(.audit(Page(cursor: 0, maxBytes: 1_000))) == .audit([], next: 0))
  }
}
