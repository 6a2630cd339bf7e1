import Testing

@testable import TokenCore

@Suite("Fields of applications")
struct ApplicationsFieldTests {
  /// The field that a change of good fields makes wrong; "" = none.
  private func wrongField(
    requiresHTTPS: Bool = false, _ change: (inout ApplicationFields) -> Void
  ) -> String {
    var fields = Fixture.fields()
    change(&fields)
    do throws(Refusal) {
      try ApplicationFieldRules(requiresHTTPS: requiresHTTPS).check(fields)
      return ""
    } catch {
      #expect(error.reason == .invalidField)
      #expect(error.message.hasPrefix("\(error.field): "))
      return error.field
    }
  }

  private func text(_ count: Int, _ character: String = "a") -> [UInt8] {
    Array(String(repeating: character, count: count).utf8)
  }

  @Test func F6_theNameIsRequired() {
    #expect(wrongField { $0.name = [] } == "name")
    #expect(wrongField { $0.name = Array("  ".utf8) } == "name")
  }

  @Test func F6_theNameHasAtMost64CharactersAnd256Bytes() {
    #expect(wrongField { $0.name = text(64) } == "")
    #expect(wrongField { $0.name = text(65) } == "name")
    #expect(wrongField { $0.name = text(64, "\u{1F4C5}") } == "")
    #expect(wrongField { $0.name = text(65, "é") } == "name")
    // 63 characters in the eyes of a reader, 126 scalars.
    #expect(wrongField { $0.name = text(63, "e\u{301}") } == "name")
  }

  @Test(arguments: [0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x7F] as [UInt8])
  func F6_theNameHasNoControlCharacter(byte: UInt8) {
    #expect(wrongField { $0.name = Array("a".utf8) + [byte] } == "name")
  }

  @Test func F7_theDescriptionIsOptionalAndHasAtMost512Characters() {
    #expect(wrongField { $0.description = [] } == "")
    #expect(wrongField { $0.description = text(512, "\u{1F4C5}") } == "")
    #expect(wrongField { $0.description = text(513) } == "description")
    #expect(wrongField { $0.description = Array("a\tb\nc".utf8) } == "")
    #expect(wrongField { $0.description = [0x61, 0x0D] } == "description")
  }

  @Test func F8_theHomepageIsRequiredAndHasAtMost256Bytes() {
    let start = Array("https://a/".utf8)
    #expect(wrongField { $0.homepage = [] } == "homepage")
    #expect(wrongField { $0.homepage = start + text(246) } == "")
    #expect(wrongField { $0.homepage = start + text(247) } == "homepage")
    #expect(wrongField { $0.homepage = Array("ftp://a/".utf8) } == "homepage")
  }

  @Test func F9_theIconIsOptionalAndHasAtMost512Bytes() {
    let start = Array("https://a/".utf8)
    #expect(wrongField { $0.iconURL = [] } == "")
    #expect(wrongField { $0.iconURL = start + text(502) } == "")
    #expect(wrongField { $0.iconURL = start + text(503) } == "iconUrl")
    #expect(wrongField { $0.iconURL = Array("data:image/png,".utf8) } == "iconUrl")
  }

  @Test func F10_callbacksAreOneToSixteen() {
    func callbacks(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("http://a/\($0)".utf8) } }
    #expect(wrongField { $0.callbacks = [] } == "callbacks")
    #expect(wrongField { $0.callbacks = callbacks(16) } == "")
    #expect(wrongField { $0.callbacks = callbacks(17) } == "callbacks")
  }

  @Test func F10_callbacksTogetherHaveAtMost1024BytesWithOneForEach() {
    let start = Array("https://a/".utf8)
    let four = (0..<4).map { start + Array("\($0)".utf8) + text(244) }
    #expect(wrongField { $0.callbacks = four } == "")
    #expect(wrongField { $0.callbacks = four.map { $0 + [0x61] } } == "callbacks")
    #expect(wrongField { $0.callbacks = [start + text(246)] } == "")
    #expect(wrongField { $0.callbacks = [start + text(247)] } == "callbacks[0]")
  }

  @Test func F10_aWrongCallbackIsNamedWithItsIndex() {
    let good = ["https://a/1", "https://a/2"].map { Array($0.utf8) }
    #expect(wrongField { $0.callbacks = good + [Array("cursor://a".utf8)] } == "callbacks[2]")
    #expect(wrongField { $0.callbacks = good + [good[0]] } == "callbacks[2]")
    #expect(wrongField { $0.callbacks = [[]] } == "callbacks[0]")
  }

  @Test func requireHTTPSURLsExemptsLoopbackCallbacksOnly() {
    func wrong(_ change: (inout ApplicationFields) -> Void) -> String {
      wrongField(requiresHTTPS: true, change)
    }
    #expect(wrong { _ in } == "")
    #expect(wrong { $0.homepage = Array("http://a/".utf8) } == "homepage")
    #expect(wrong { $0.homepage = Array("http://127.0.0.1/".utf8) } == "homepage")
    #expect(wrong { $0.iconURL = Array("http://a/".utf8) } == "iconUrl")
    #expect(wrong { $0.callbacks = [Array("http://a/".utf8)] } == "callbacks[0]")
    #expect(wrong { $0.callbacks = [Array("http://localhost/".utf8)] } == "callbacks[0]")
    #expect(wrong { $0.callbacks = [Array("http://127.0.0.1:80/".utf8)] } == "")
    #expect(wrong { $0.callbacks = [Array("http://[::1]/".utf8)] } == "")
  }

  @Test func whatAPublicClientCannotHaveIsRefused() {
    #expect(
      wrongField {
        $0.isPublic = true
        $0.grantTypes = .clientCredentials
      } == "grants")
    #expect(
      wrongField {
        $0.isPublic = true
        $0.audiences = [Array("urn:a".utf8)]
      } == "audiences")
    #expect(wrongField { $0.grantTypes = GrantTypes(rawValue: 16) } == "grants")
  }

  @Test func audiencesAreBounded() {
    func audiences(_ count: Int, _ length: Int) -> [[UInt8]] {
      (0..<count).map { Array("urn:\($0)".utf8) + text(length - 5) }
    }
    #expect(wrongField { $0.audiences = audiences(8, 128) } == "")
    #expect(wrongField { $0.audiences = audiences(8, 129) } == "audiences")
    #expect(wrongField { $0.audiences = audiences(9, 10) } == "audiences")
    #expect(wrongField { $0.audiences = audiences(1, 513) } == "audiences[0]")
    #expect(
      wrongField { $0.audiences = [Array("urn:a".utf8), Array("urn:a".utf8)] } == "audiences[1]")
  }

  @Test(arguments: [
    ("", ""), ("read write", ""), ("read  write", "scopes"), (" read", "scopes"),
    ("re\"ad", "scopes"),
    ("a b c d e f g h i j k l m n o p", ""), ("a b c d e f g h i j k l m n o p q", "scopes"),
  ])
  func scopesAreTokensOfRFC6749(scopes: String, field: String) {
    #expect(wrongField { $0.scopes = Array(scopes.utf8) } == field)
  }

  @Test func theLargestApplicationFitsItsRecord() {
    let fixture = Fixture()
    let start = Array("https://a/".utf8)
    let fields = ApplicationFields(
      name: text(64, "\u{1F4C5}"), description: text(512, "\u{1F4C5}"),
      homepage: start + text(246), iconURL: start + text(502),
      callbacks: (0..<16).map { start + Array("\($0)".utf8) + text($0 < 10 ? 52 : 51) },
      isTrusted: true, grantTypes: .all,
      audiences: (0..<8).map { Array("urn:\($0)".utf8) + text(123) }, scopes: text(128))
    let operation = fixture.registration(fields, by: fixture.admin)
    guard case .registered(let clientID, _, _) = fixture.commit(operation) else {
      Issue.record("refused")
      return
    }
    #expect(fixture.app(clientID)?.fields == fields)
    #expect(fixture.rebuilt() == [])
  }
}
