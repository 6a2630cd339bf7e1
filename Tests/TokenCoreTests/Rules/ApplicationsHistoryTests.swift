import Testing

@testable import TokenCore

/// Random histories: whatever was committed, the recorded effects alone give the same state.
@Suite("Random histories of administration")
struct ApplicationsHistoryTests {
  private struct History {
    var random: SplitMix64
    var clients: [[UInt8]] = []
    let people: [Person] = [Fixture.alice, Fixture.bob, Fixture.admin, .localAdministration]
    let users = ["alice", "bob", "carol", "dave"]

    mutating func pick<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }

    mutating func step(_ fixture: Fixture) {
      fixture.nowMillis += UInt64(random.below(3)) * 700
      switch random.below(20) {
      case 0...3: register(fixture)
      case 4...6: plant(fixture)
      default: fixture.commit(operation(fixture))
      }
    }

    private mutating func register(_ fixture: Fixture) {
      let fields = Fixture.fields(
        name: "app \(random.below(1_000))", isTrusted: random.below(2) == 0,
        isPublic: random.below(3) == 0, grantTypes: GrantTypes(rawValue: UInt16(random.below(16))))
      let operation = fixture.registration(fields, by: pick(people))
      if case .registered(let clientID, _, _) = fixture.commit(operation) {
        clients.append(clientID)
      }
    }

    private mutating func plant(_ fixture: Fixture) {
      guard let clientID = clients.suffix(3).last(where: { fixture.app($0) != nil }) else { return }
      let user = pick(users)
      switch random.below(3) {
      case 0:
        fixture.plantGrant(user: user, clientID, lifetimeSeconds: UInt32(60 + random.below(60)))
      case 1:
        if !fixture.hasConsent(user: user, clientID) { fixture.plantConsent(user: user, clientID) }
      default: _ = fixture.plantCode(user: user, clientID)
      }
    }

    private mutating func operation(_ fixture: Fixture) -> Operation {
      let person = pick(people)
      let user = Array(pick(users).utf8)
      let clientID = clients.isEmpty ? [] : pick(clients)
      let name = random.below(1_000)
      let digest = Fixture.digest("\(name)")
      switch random.below(13) {
      case 0: return fixture.update(clientID, by: person) { $0.name = Array("app \(name)".utf8) }
      case 1: return fixture.update(clientID, by: person) { $0.isTrusted.toggle() }
      case 2: return .deleteApp(person, clientID: clientID)
      case 3: return .regenerateSecret(person, clientID: clientID, digest)
      case 4: return .disableUser(user)
      case 5: return .enableUser(user)
      case 6: return .revokeUser(user, pick([.allSessions, .passwordChanged, .userDeleted]))
      case 7: return .revokeApp(clientID: clientID)
      case 8: return .revokeBefore(pick([0, fixture.nowMillis - 5_000, fixture.nowMillis + 1]))
      case 9:
        let name = pick(["restrict-integrations-to-admins", "revoke-on-password-change"])
        return fixture.setting(name, pick(["true", "false", "?"]))
      case 10: return .rotateKey(salt: fixture.newID())
      case 11: return .retireKey(keyID: UInt8(random.below(8)), force: random.below(2) == 0)
      default: return .listApps(person, all: random.below(2) == 0, Page(cursor: 0, maxBytes: 900))
      }
    }
  }

  @Test(arguments: 1...4)
  func theRecordedEffectsGiveTheSameState(seed: UInt64) {
    let fixture = Fixture()
    var history = History(random: SplitMix64(seed))
    for _ in 0..<200 { history.step(fixture) }
    #expect(fixture.rebuilt() == [])
    #expect(fixture.trail.count > 50)
  }

  @Test func theSameHistoryGivesTheSameEffects() {
    func effects() -> [[Effect]] {
      let fixture = Fixture()
      var history = History(random: SplitMix64(99))
      for _ in 0..<80 { history.step(fixture) }
      return fixture.journal.map(\.effects)
    }
    #expect(effects() == effects())
  }

  @Test func aRefusedOperationChangesNothingButTheTrail() {
    let fixture = Fixture()
    let clientID = fixture.register(by: fixture.alice)
    fixture.mayReclaim = false
    let before = CanonicalDump.lines(fixture.state).filter { !$0.contains("audit") }
    for operation in [
      fixture.registration(by: fixture.bob), fixture.update(clientID, by: fixture.bob),
      .deleteApp(fixture.bob, clientID: clientID), fixture.setting("grants-per-user", "0"),
      .retireKey(keyID: 0, force: true), .revokeBefore(.max), .disableUser([]),
    ] {
      #expect(fixture.reason(operation) != nil)
    }
    let after = CanonicalDump.lines(fixture.state).filter {
      !$0.contains("audit") && !$0.hasPrefix("moment")
    }
    #expect(after == before)
  }
}
