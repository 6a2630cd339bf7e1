import Testing

@testable import TokenCore

@Suite struct GatesTests {
  static let all: [Gate] = [.grant(300), .app(50), .user(200), .key(0), .key(255), .service]

  @Test(arguments: all)
  func `a gate rises and never falls`(gate: Gate) {
    let test = TestArena()
    let gates = Gates(test.arena)
    #expect(gates.position(of: gate) == 0)
    gates.raise(gate, to: 9)
    gates.raise(gate, to: 3)
    #expect(gates.position(of: gate) == 9)
    for other in Self.all where other != gate { #expect(gates.position(of: other) == 0) }
    #expect(gates.released == 0 && gates.provider == [])
    withExtendedLifetime(test) {}
  }

  @Test(arguments: [Gate.grant(7), .app(8), .user(9), .key(10), .service])
  func `a gate kills what was created at or before it and nothing later`(gate: Gate) {
    let test = TestArena()
    let gates = Gates(test.arena)
    var record = numberedRecord(1)
    (record.grant, record.app, record.user, record.keyID, record.position) = (7, 8, 9, 10, 100)
    gates.raise(gate, to: 99)
    #expect(!gates.isDead(record))
    gates.raise(gate, to: 100)
    #expect(gates.isDead(record))
    record.position = 101
    #expect(!gates.isDead(record))
    withExtendedLifetime(test) {}
  }

  @Test func `a client's token without grant and user lives by the other gates alone`() {
    let test = TestArena()
    let gates = Gates(test.arena)
    var record = numberedRecord(1)
    (record.grant, record.app, record.user, record.keyID, record.position) = (0, 8, 0, 10, 1)
    #expect(!gates.isDead(record))
    withExtendedLifetime(test) {}
  }

  @Test func `released rises and never falls`() {
    let test = TestArena()
    let gates = Gates(test.arena)
    gates.raiseReleased(to: 5)
    gates.raiseReleased(to: 4)
    #expect(gates.released == 5)
    withExtendedLifetime(test) {}
  }

  @Test func `the provider switch goes both ways and keeps bits without a name`() {
    let test = TestArena()
    let gates = Gates(test.arena)
    let value: ProviderSwitch = [.on, .iconOverride, ProviderSwitch(rawValue: 1 << 40)]
    gates.setProvider(value)
    #expect(gates.provider == value && !gates.provider.contains(.usernameOverride))
    gates.setProvider([])
    #expect(gates.provider == [])
    withExtendedLifetime(test) {}
  }

  @Test func `slot 0 has no gate`() async {
    await #expect(processExitsWith: .failure) {
      let test = TestArena()
      Gates(test.arena).raise(.user(0), to: 1)
      withExtendedLifetime(test) {}
    }
  }
}
