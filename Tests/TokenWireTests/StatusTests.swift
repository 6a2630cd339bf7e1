import Testing

@testable import TokenWire

@Suite struct StatusTests {
  @Test func namesAreUnique() {
    #expect(Set(Status.allCases.map(\.name)).count == Status.allCases.count)
    #expect(Status.allCases.count == 16 + 11 + 15)
  }

  @Test func fatalAndRetriableAreThoseOfTheRegistry() {
    #expect(
      Status.allCases.filter(\.isFatal) == [
        .malformed, .version, .helloRequired, .frameTooLarge, .timeout, .tooManyConnections,
      ])
    #expect(
      Status.allCases.filter(\.isRetriable) == [
        .busy, .draining, .notCaughtUp, .diskFull, .timeout, .tooManyConnections, .rateLimited,
      ])
    #expect(Status.ok.fixer == .nobody)
    #expect(Status.denied.fixer == .operator)
    #expect(Status.malformed.fixer == .clientAuthor)
    #expect(Status.allCases.filter { $0.fixer == .developers } == [.internal])
  }

  @Test func standardErrorsAreTheLowerCaseOfTheirNames() {
    for status in Status.allCases where status.rawValue >> 8 == 1 {
      #expect(status.oauthError == status.name.lowercased())
    }
    #expect(Status.busy.oauthError == "temporarily_unavailable")
    #expect(Status.providerOff.oauthError == "temporarily_unavailable")
    #expect(Status.notFound.oauthError == nil)
  }
}
