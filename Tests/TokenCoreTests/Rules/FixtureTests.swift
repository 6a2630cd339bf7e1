import Testing

@testable import TokenCore

@Suite("Fixture")
struct FixtureTests {
  @Test func aPlantedApplicationIsFoundAndTheClockIsTheTests() {
    let fixture = Fixture()
    let clientID = fixture.register(by: fixture.alice)
    #expect(fixture.app(clientID)?.fields.name == Array("Calendar".utf8))
    #expect(fixture.user("alice")?.id == Array("alice".utf8))
    #expect(fixture.settings.isProviderEnabled)
    let before = fixture.nowMillis
    fixture.wait(seconds: 2)
    #expect(fixture.nowMillis == before + 2_000)
  }
}
