import Testing

@testable import TokenCore

/// Every limit of `Limits` at its edge: what is just inside passes, what is just outside does not.
@Suite struct LimitTableTests {
  private static func text(_ count: Int, _ character: String = "a") -> [UInt8] {
    Array(String(repeating: character, count: count).utf8)
  }

  /// A URL of so many bytes.
  private static func url(_ count: Int, _ start: String = "https://a.example/") -> [UInt8] {
    Array(start.utf8) + text(count - start.utf8.count)
  }

  /// A field with the last value that passes and the first that does not.
  struct FieldCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let field: String
    let change: @Sendable (inout ApplicationFields, _ excess: Int) -> Void

    init(
      _ name: String, _ field: String,
      _ change: @escaping @Sendable (inout ApplicationFields, Int) -> Void
    ) {
      (testDescription, self.field, self.change) = (name, field, change)
    }
  }

  private static let fieldCases = [
    FieldCase("name in scalars", "name") { $0.name = text(Limits.appNameMaxScalars + $1) },
    FieldCase("name in scalars of four bytes", "name") {
      $0.name = text(Limits.appNameMaxScalars + $1, "\u{1F511}")
    },
    FieldCase("description in scalars", "description") {
      $0.description = text(Limits.appDescriptionMaxScalars + $1)
    },
    FieldCase("description in scalars of four bytes", "description") {
      $0.description = text(Limits.appDescriptionMaxScalars + $1, "\u{1F511}")
    },
    FieldCase("homepage", "homepage") { $0.homepage = url(Limits.homepageMaxBytes + $1) },
    FieldCase("icon", "iconUrl") { $0.iconURL = url(Limits.iconURLMaxBytes + $1) },
    FieldCase("callbacks", "callbacks") { fields, excess in
      fields.callbacks = (0..<(Limits.callbacksMaxCount + excess)).map { url(20 + $0) }
    },
    FieldCase("one callback", "callbacks[0]") {
      $0.callbacks = [url(Limits.redirectURIMaxBytes + $1)]
    },
    FieldCase("callbacks together", "callbacks") {
      // 4 * 255 bytes and one for each of them are 1,024.
      $0.callbacks = (0..<3).map { url(255, "https://a.example/\($0)") } + [url(255 + $1)]
    },
    FieldCase("audiences", "audiences") { fields, excess in
      fields.audiences = (0..<(Limits.audiencesMaxCount + excess)).map { url(20 + $0) }
    },
    FieldCase("one audience", "audiences[0]") {
      $0.audiences = [url(Limits.audienceMaxBytes + $1)]
    },
    FieldCase("audiences together", "audiences") {
      $0.audiences = [url(512), url(256, "urn:a"), url(256 + $1, "urn:b")]
    },
    FieldCase("scopes", "scopes") {
      $0.scopes = Array(
        (0..<(Limits.scopesMaxCount + $1)).map { "s\($0)" }.joined(separator: " ").utf8)
    },
    FieldCase("scopes in bytes", "scopes") { $0.scopes = text(Limits.scopeMaxBytes + $1) },
  ]

  @Test(arguments: fieldCases)
  func fieldsOfAnApplication(_ one: FieldCase) {
    let fixture = Fixture()
    var fields = Fixture.fields()
    one.change(&fields, 0)
    #expect(fixture.reason(fixture.registration(fields, by: fixture.admin)) == nil)
    one.change(&fields, 1)
    let refusal = fixture.refusal(fixture.registration(fields, by: fixture.admin))
    #expect(refusal?.reason == .invalidField)
    #expect(refusal?.field == one.field)
  }

  @Test func lengthOfAUserID() {
    let fixture = Fixture()
    #expect(fixture.reason(.disableUser(Self.text(Limits.userIDMaxBytes))) == nil)
    #expect(fixture.reason(.disableUser(Self.text(Limits.userIDMaxBytes + 1))) == .invalidField)
    #expect(fixture.reason(.disableUser([])) == .invalidField)
  }

  @Test func lengthOfAState() {
    let fixture = Fixture()
    let app = fixture.register()
    func ask(_ count: Int) -> Authorize {
      fixture.authorization(app, state: String(repeating: "s", count: count))
    }
    #expect(fixture.question(ask(Limits.stateMaxBytes)) != nil)
    #expect(fixture.errorPage(ask(Limits.stateMaxBytes + 1))?.reason == .invalidRequest)
  }

  @Test func lengthOfARedirectURI() {
    let fixture = Fixture()
    let longest = Self.url(Limits.redirectURIMaxBytes)
    let app = fixture.register(
      Fixture.fields(callbacks: [String(decoding: longest, as: UTF8.self)]))
    func ask(_ uri: [UInt8]) -> Authorize {
      fixture.authorization(app, redirect: String(decoding: uri, as: UTF8.self))
    }
    #expect(fixture.question(ask(longest)) != nil)
    #expect(fixture.errorPage(ask(longest + [0x61]))?.reason == .invalidRedirectURI)
  }

  @Test func lengthsOfPKCE() throws {
    let fixture = Fixture()
    let app = fixture.register()
    for count in [42, 44] {
      let asked = fixture.authorization(app, challenge: Self.text(count))
      #expect(fixture.redirectError(asked) == "invalid_request", "\(count)")
    }
    for (count, passes) in [(42, false), (43, true), (128, true), (129, false)] {
      let code = try #require(
        fixture.newCode(fixture.authorization(app, challenge: Pair.challenge)))
      let request = fixture.exchange(app, code, verifier: Self.text(count))
      #expect((fixture.issued(.exchange(request)) != nil) == passes, "\(count)")
    }
  }

  @Test func lengthsOfScopeAndResource() {
    let fixture = Fixture()
    let app = fixture.register()
    func reason(scope: [UInt8] = [], audience: [UInt8] = []) -> Refusal.Reason? {
      var item = fixture.item(app)
      (item.scope, item.audience) = (scope, audience)
      return fixture.reason(.issue(IssueTokens(items: [item], keyID: 0)))
    }
    #expect(reason(scope: Self.text(Limits.scopeMaxBytes)) == nil)
    #expect(reason(scope: Self.text(Limits.scopeMaxBytes + 1)) == .invalidScope)
    func scopes(_ count: Int) -> [UInt8] {
      Array((0..<count).map { "s\($0)" }.joined(separator: " ").utf8)
    }
    #expect(reason(scope: scopes(Limits.scopesMaxCount)) == nil)
    #expect(reason(scope: scopes(Limits.scopesMaxCount + 1)) == .invalidScope)
    #expect(reason(audience: Self.url(Limits.audienceMaxBytes)) == nil)
    #expect(reason(audience: Self.url(Limits.audienceMaxBytes + 1)) == .invalidTarget)
  }

  @Test func tokensOfOneIssue() {
    let fixture = Fixture()
    let app = fixture.register()
    func reason(_ count: Int) -> Refusal.Reason? {
      fixture.reason(.issue(IssueTokens(items: [fixture.item(app, count: count)], keyID: 0)))
    }
    #expect(reason(Limits.issuedTokensPerCall) == nil)
    #expect(reason(Limits.issuedTokensPerCall + 1) == .limitReached)
  }

  @Test(arguments: [
    ("code-lifetime-seconds", Limits.codeLifetimeSeconds),
    ("access-token-lifetime-seconds", Limits.tokenLifetimeSeconds),
    ("refresh-idle-seconds", Limits.tokenLifetimeSeconds),
    ("refresh-absolute-seconds", Limits.tokenLifetimeSeconds),
    ("refresh-grace-seconds", Limits.refreshGraceSeconds),
    ("grants-per-user", Limits.grantsPerUser),
  ])
  func numbersOfSettings(name: String, range: ClosedRange<UInt32>) {
    let fixture = Fixture()
    for number in [range.lowerBound, range.upperBound] {
      #expect(fixture.reason(fixture.setting(name, "\(number)")) == nil)
    }
    let below = Int64(range.lowerBound) - 1
    for number in [below, Int64(range.upperBound) + 1] {
      #expect(fixture.reason(fixture.setting(name, "\(number)")) == .invalidField)
    }
  }

  @Test func textsOfSettings() {
    let fixture = Fixture()
    func reason(_ name: String, _ value: [UInt8]) -> Refusal.Reason? {
      fixture.reason(fixture.setting(name, String(decoding: value, as: UTF8.self)))
    }
    #expect(reason("issuer", Self.url(Limits.issuerMaxBytes)) == nil)
    #expect(reason("issuer", Self.url(Limits.issuerMaxBytes + 1)) == .invalidField)
    func globs(_ count: Int) -> [UInt8] {
      Array(Array(repeating: "https://*", count: count).joined(separator: " ").utf8)
    }
    let name = "dynamic-registration-allowlist"
    #expect(reason(name, globs(Limits.allowlistMaxCount)) == nil)
    #expect(reason(name, globs(Limits.allowlistMaxCount + 1)) == .invalidField)
    #expect(reason(name, Self.url(Limits.allowlistTotalMaxBytes)) == nil)
    #expect(reason(name, Self.url(Limits.allowlistTotalMaxBytes + 1)) == .invalidField)
  }
}
