import Testing

@testable import TokenCore

@Suite("Listing applications")
struct ApplicationsListTests {
  /// Every page of a list, and how many there were.
  private func listed(
    _ fixture: Fixture, _ person: Person, all: Bool, maxBytes: Int = 60_000
  ) -> (names: [String], pages: Int) {
    var names: [String] = []
    var pages = 0
    var cursor: UInt64 = 0
    repeat {
      let operation = Operation.listApps(person, all: all, Page(cursor: cursor, maxBytes: maxBytes))
      guard case .apps(let apps, let next) = fixture.commit(operation) else { break }
      names += apps.map { String(decoding: $0.app.fields.name, as: UTF8.self) }
      pages += 1
      cursor = next
    } while cursor != 0
    return (names, pages)
  }

  private func filled() -> Fixture {
    let fixture = Fixture()
    for number in 0..<9 {
      let owner = [fixture.alice, fixture.bob, fixture.admin][number % 3]
      fixture.register(Fixture.fields(name: "app \(number)"), by: owner)
    }
    return fixture
  }

  @Test func F24_aPersonSeesOwnApplicationsInOrder() {
    let fixture = filled()
    #expect(listed(fixture, fixture.alice, all: false).names == ["app 0", "app 3", "app 6"])
    #expect(listed(fixture, fixture.bob, all: false).names == ["app 1", "app 4", "app 7"])
    let stranger = Person(user: Array("eve".utf8), isSystemAdmin: false, login: .session)
    #expect(listed(fixture, stranger, all: false).names == [])
  }

  @Test func F24_F50_administratorsSeeAll() {
    let fixture = filled()
    let everything = (0..<9).map { "app \($0)" }
    #expect(listed(fixture, fixture.admin, all: true).names == everything)
    #expect(listed(fixture, .localAdministration, all: true).names == everything)
    #expect(listed(fixture, .localAdministration, all: false).names == everything)
    #expect(listed(fixture, fixture.admin, all: false).names == ["app 2", "app 5", "app 8"])
    let page = Page(cursor: 0, maxBytes: 60_000)
    #expect(fixture.reason(.listApps(fixture.alice, all: true, page)) == .forbidden)
  }

  @Test(arguments: [0, 1, 300, 700, 1_500, 60_000])
  func F29_pagesAreBoundedByBytesAndLoseNothing(maxBytes: Int) {
    let fixture = filled()
    let (names, pages) = listed(fixture, .localAdministration, all: true, maxBytes: maxBytes)
    #expect(names == (0..<9).map { "app \($0)" })
    #expect(maxBytes > 400 || maxBytes == 0 || pages == 9)
    #expect(pages == 1 || (1..<60_000).contains(maxBytes), "0 stands for 60,000")
  }

  @Test func aListChangedMeanwhileRepeatsNothing() {
    let fixture = filled()
    fixture.mayReclaim = false
    let operation = Operation.listApps(
      .localAdministration, all: true, Page(cursor: 0, maxBytes: 700))
    guard case .apps(let first, let next) = fixture.commit(operation), let last = first.last else {
      Issue.record("no page")
      return
    }
    fixture.commit(.deleteApp(fixture.admin, clientID: last.app.clientID))
    fixture.register(Fixture.fields(name: "late"))
    let rest = Operation.listApps(
      .localAdministration, all: true, Page(cursor: next, maxBytes: 60_000))
    guard case .apps(let second, _) = fixture.commit(rest) else { return }
    #expect(first.count + second.count == 10)
    #expect(Set((first + second).map(\.app.clientID)).count == 10)
  }

  @Test func aDeletedApplicationIsNotListed() {
    let fixture = filled()
    let page = Page(cursor: 0, maxBytes: 60_000)
    guard case .apps(let apps, _) = fixture.commit(.listApps(fixture.alice, all: false, page))
    else { return }
    fixture.mayReclaim = false
    fixture.commit(.deleteApp(fixture.alice, clientID: apps[1].app.clientID))
    #expect(listed(fixture, fixture.alice, all: false).names == ["app 0", "app 6"])
  }

  @Test func aPageLooksAtABoundedNumberOfSlots() {
    var walk = SlotWalk(Page(cursor: 0, maxBytes: 1_000), highWater: 10_000)
    var looked = 0
    while walk.next() != nil { looked += 1 }
    #expect(looked == Limits.listScanSlots)
    #expect(walk.cursor == UInt64(Limits.listScanSlots))
  }

  @Test(arguments: [9, 10, 1 << 40, UInt64.max])
  func aCursorPastTheEndEndsTheList(cursor: UInt64) {
    let fixture = filled()
    let operation = Operation.listApps(
      .localAdministration, all: true, Page(cursor: cursor, maxBytes: 1_000))
    #expect(fixture.commit(operation) == .apps([], next: 0))
  }
}
