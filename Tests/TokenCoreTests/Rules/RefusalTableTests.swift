import Testing

@testable import TokenCore

/// Every reason of a refusal is given by some rule: a number of the registry that nothing gives
/// would be a promise of the protocol that nobody keeps.
@Suite struct RefusalTableTests {
  /// An operation that is refused for the reason, in a service of its own.
  private static func refused(_ reason: Refusal.Reason, _ fixture: Fixture) throws -> Operation {
    switch reason {
    case .invalidRequest, .unsupportedResponseType, .invalidRedirectURI:
      authorization(reason, fixture)
    case .invalidClient, .invalidGrant, .unauthorizedClient, .invalidScope, .invalidTarget,
      .rateLimited:
      client(reason, fixture)
    case .invalidClientMetadata, .registrationOff: dynamic(reason, fixture)
    case .idempotencyConflict, .ticketInvalid: try consent(reason, fixture)
    case .notFound, .forbidden, .personLoginRefused, .userDisabled, .revisionConflict,
      .publicClient, .providerOff, .invalidField:
      person(reason, fixture)
    case .limitReached:
      .issue(IssueTokens(items: [fixture.item(fixture.register(), count: 129)], keyID: 0))
    case .keyInUse: .retireKey(keyID: 0, force: true)
    case .futureTime: .revokeBefore(fixture.nowMillis + 1)
    case .unknownSetting: fixture.setting("grants-per-users", "1")
    }
  }

  private static func authorization(_ reason: Refusal.Reason, _ fixture: Fixture) -> Operation {
    let app = fixture.register()
    switch reason {
    case .invalidRequest:
      return .authorize(
        fixture.authorization(app, state: String(repeating: "s", count: 1_025)))
    case .unsupportedResponseType: return .authorize(fixture.authorization(app, type: "id"))
    default:
      return .authorize(fixture.authorization(app, redirect: "https://client.example/other"))
    }
  }

  private static func client(_ reason: Refusal.Reason, _ fixture: Fixture) -> Operation {
    let app = fixture.register(
      Fixture.fields(
        grantTypes: reason == .unauthorizedClient ? .standard : .clientCredentials,
        scopes: "read"))
    let wrong = Fixture.credential(app, secret: "wrong")
    if reason == .rateLimited {
      for _ in 0..<Limits.clientAuthenticationFailuresPerMinute {
        fixture.commit(.clientRevoke(wrong, .foreign))
      }
    }
    if reason == .invalidGrant {
      return .refresh(fixture.refresh(fixture.register(), nil))
    }
    let isWrong = reason == .invalidClient || reason == .rateLimited
    return .clientCredentials(
      GrantClientCredentials(
        client: isWrong ? wrong : Fixture.credential(app),
        scope: bytes(reason == .invalidScope ? "write" : ""),
        resource: bytes(reason == .invalidTarget ? "no scheme" : ""), token: fixture.newToken(),
        grantID: fixture.newID()))
  }

  private static func dynamic(_ reason: Refusal.Reason, _ fixture: Fixture) -> Operation {
    fixture.set { $0.allowsDynamicRegistration = reason == .invalidClientMetadata }
    return .registerAppDynamically(
      RegisterDynamically(
        redirectURIs: [Fixture.callback], authMethod: bytes("private_key_jwt"), clientName: [],
        clientURI: [], scope: [], clientID: fixture.newClientID(),
        secretDigest: Fixture.digest("secret")))
  }

  private static func consent(
    _ reason: Refusal.Reason, _ fixture: Fixture
  ) throws -> Operation {
    let question = try #require(fixture.question(fixture.authorization(fixture.register())))
    if reason == .ticketInvalid { return .deny(fixture.answer(question.ticket, by: fixture.bob)) }
    fixture.commit(.deny(fixture.answer(question.ticket)), retry: fixture.retry(1, "other"))
    return .deny(fixture.answer(question.ticket))
  }

  private static func person(_ reason: Refusal.Reason, _ fixture: Fixture) -> Operation {
    let app = fixture.register(Fixture.fields(isPublic: reason == .publicClient))
    switch reason {
    case .notFound: return .getApp(fixture.admin, clientID: fixture.newClientID())
    case .forbidden: return .getApp(fixture.alice, clientID: app)
    case .personLoginRefused:
      let person = Person(user: bytes("alice"), isSystemAdmin: false, login: .oauthToken)
      return .deauthorize(person, user: [], clientID: app)
    case .userDisabled:
      fixture.commit(.disableUser(fixture.alice.user))
      return .deauthorize(fixture.alice, user: [], clientID: app)
    case .revisionConflict: return fixture.update(app, by: fixture.admin, revision: 2)
    case .publicClient:
      return .regenerateSecret(fixture.admin, clientID: app, Fixture.digest("x"))
    case .providerOff:
      fixture.switchOff()
      return fixture.update(app, by: fixture.admin)
    default: return .disableUser([])
    }
  }

  @Test(arguments: Refusal.Reason.allCases)
  func everyReasonIsGiven(reason: Refusal.Reason) throws {
    let fixture = Fixture()
    let operation = try Self.refused(reason, fixture)
    switch fixture.commit(operation, retry: fixture.retry(1)) {
    case .refused(let refusal), .authorization(.errorPage(let refusal)):
      #expect(refusal.reason == reason)
      #expect(!refusal.message.isEmpty)
    case .authorization(.redirect(let redirect)):
      guard case .error(let code, let description, _) = redirect.answer else {
        Issue.record("not refused")
        return
      }
      #expect(code == "unsupported_response_type" && reason == .unsupportedResponseType)
      #expect(!description.isEmpty)
    case let outcome: Issue.record("not refused: \(outcome)")
    }
  }
}
