import Testing

@testable import TokenCore

/// A remembered reply holds tokens, so a retry is judged as of now, but for what the first call
/// used up.
@Suite struct ReplayStandingTests {
  let fixture = Fixture()

  /// Does the operation with a key, then changes the world, then retries it. What the retry is
  /// answered with, and the effects it had.
  private func retried(
    _ operation: Operation, after change: () -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> (outcome: Outcome, effects: [Effect]) {
    let first = fixture.commit(operation, retry: fixture.retry(1))
    if case .refused(let refusal) = first {
      Issue.record("refused at first: \(refusal.message)", sourceLocation: sourceLocation)
    }
    change()
    let call = Call(
      nowMillis: fixture.nowMillis, peerUID: fixture.peerUID, retry: fixture.retry(1),
      mayReclaim: false)
    let commit = fixture.state.commit(operation, call)
    return (commit.outcome, commit.effects)
  }

  private func reason(
    _ operation: Operation, after change: () -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Refusal.Reason? {
    let (outcome, effects) = retried(operation, after: change, sourceLocation: sourceLocation)
    let isCount = effects.allSatisfy {
      if case .clientAuthenticationFailed = $0 { return true }
      return false
    }
    #expect(isCount, "a refused retry changes nothing", sourceLocation: sourceLocation)
    switch outcome {
    case .refused(let refusal): return refusal.reason
    case .authorization(.errorPage(let refusal)): return refusal.reason
    default: return nil
    }
  }

  // MARK: Operations

  private func exchange(_ app: [UInt8]) throws -> Operation {
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    return .exchange(fixture.exchange(app, code))
  }

  private func refresh(_ app: [UInt8]) throws -> Operation {
    .refresh(fixture.refresh(app, try fixture.authorized(app).refreshID))
  }

  private func clientCredentials(_ app: [UInt8]) -> Operation {
    .clientCredentials(
      GrantClientCredentials(
        client: Fixture.credential(app), scope: [], resource: [], token: fixture.newToken(),
        grantID: fixture.newID()))
  }

  private func allow(_ app: [UInt8]) throws -> Operation {
    let question = try #require(fixture.question(fixture.authorization(app)))
    return .allow(fixture.answer(question.ticket))
  }

  private func app(isTrusted: Bool = false) -> [UInt8] {
    fixture.register(
      Fixture.fields(
        isTrusted: isTrusted,
        grantTypes: [.authorizationCode, .refreshToken, .clientCredentials], scopes: "user"))
  }

  private func replaceSecret(of app: [UInt8]) {
    fixture.commit(
      .regenerateSecret(fixture.admin, clientID: app, Fixture.digest("another")))
  }

  // MARK: The secret of then is not the secret of now

  @Test func oldSecretGetsNoRememberedReply() throws {
    let app = app()
    let token = try fixture.authorized(app)
    let operations = [
      try exchange(app), try refresh(app), clientCredentials(app),
      .clientRevoke(Fixture.credential(app), .accessToken(token.id)),
    ]
    for (number, operation) in operations.enumerated() {
      let key = fixture.retry(UInt64(100 + number))
      fixture.commit(operation, retry: key)
    }
    replaceSecret(of: app)
    for (number, operation) in operations.enumerated() {
      let key = fixture.retry(UInt64(100 + number))
      guard case .refused(let refusal) = fixture.commit(operation, retry: key) else {
        Issue.record("operation \(number) was answered")
        continue
      }
      #expect(refusal.reason == .invalidClient)
    }
  }

  @Test func newSecretGetsTheSameReply() throws {
    let app = app()
    let operation = try exchange(app)
    let first = fixture.commit(operation, retry: fixture.retry(1))
    replaceSecret(of: app)
    guard case .exchange(var request) = operation else { return }
    request.client = Fixture.credential(app, secret: "another")
    let again = fixture.commit(.exchange(request), retry: fixture.retry(1))
    guard case .replayed(_, let outcome) = again else {
      Issue.record("not replayed")
      return
    }
    #expect(outcome == first)
  }

  /// Guessing through retries is as slow as any guessing, and burns nothing.
  @Test func wrongSecretsOfRetriesAreCounted() throws {
    let app = app()
    let operation = try exchange(app)
    guard case .token(let token) = fixture.commit(operation, retry: fixture.retry(1)),
      case .exchange(var request) = operation
    else {
      Issue.record("no token")
      return
    }
    request.client = Fixture.credential(app, secret: "wrong")
    var reasons: [Refusal.Reason] = []
    for _ in 0..<(Limits.clientAuthenticationFailuresPerMinute + 1) {
      guard
        case .refused(let refusal) = fixture.commit(.exchange(request), retry: fixture.retry(1))
      else { continue }
      reasons.append(refusal.reason)
    }
    #expect(reasons.dropLast().allSatisfy { $0 == .invalidClient })
    #expect(reasons.last == .rateLimited)
    #expect(reasons.count == Limits.clientAuthenticationFailuresPerMinute + 1)
    #expect(fixture.verdict(token.id) == .live)
  }

  // MARK: Provider off

  @Test func providerOffGivesNoRememberedReply() throws {
    let trusted = app(isTrusted: true)
    let app = app()
    let asked = fixture.authorization(trusted)
    fixture.set { $0.allowsDynamicRegistration = true }
    let dynamic = RegisterDynamically(
      redirectURIs: [Fixture.callback], authMethod: [], clientName: [], clientURI: [], scope: [],
      clientID: fixture.newClientID(), secretDigest: Fixture.digest("secret"))
    let operations: [Operation] = [
      try exchange(app), try refresh(app), clientCredentials(app), .authorize(asked),
      try allow(fixture.register()),
      .issue(IssueTokens(items: [fixture.item(app)], keyID: 0)),
      fixture.registration(by: fixture.admin), fixture.update(app, by: fixture.admin),
      .registerAppDynamically(dynamic),
    ]
    for (number, operation) in operations.enumerated() {
      fixture.commit(operation, retry: fixture.retry(UInt64(200 + number)))
    }
    fixture.switchOff()
    for (number, operation) in operations.enumerated() {
      let outcome = fixture.commit(operation, retry: fixture.retry(UInt64(200 + number)))
      guard case .refused(let refusal) = outcome else {
        Issue.record("operation \(number) was answered")
        continue
      }
      #expect(refusal.reason == .providerOff, "operation \(number)")
    }
    fixture.switchOn()
    for (number, operation) in operations.enumerated() {
      let outcome = fixture.commit(operation, retry: fixture.retry(UInt64(200 + number)))
      guard case .replayed = outcome else {
        Issue.record("operation \(number) was not replayed")
        continue
      }
    }
  }

  @Test func whatTakesAwayIsRepliedWithTheProviderOff() throws {
    let app = app()
    let token = try fixture.authorized(app)
    let operation = Operation.clientRevoke(Fixture.credential(app), .accessToken(token.id))
    #expect(reason(operation) { fixture.switchOff() } == nil)
  }

  // MARK: The person

  @Test func disabledPersonsTokensAreNotHandedOutAgain() throws {
    let app = app()
    let operations = [try exchange(app), try refresh(app)]
    for (number, operation) in operations.enumerated() {
      fixture.commit(operation, retry: fixture.retry(UInt64(300 + number)))
    }
    fixture.commit(.disableUser(fixture.alice.user))
    func reasons() -> [Refusal.Reason?] {
      operations.enumerated().map { number, operation in
        let outcome = fixture.commit(operation, retry: fixture.retry(UInt64(300 + number)))
        if case .refused(let refusal) = outcome { return refusal.reason }
        return nil
      }
    }
    #expect(reasons() == [.invalidGrant, .invalidGrant])
    // Enabling revives no token, so neither does a retry.
    fixture.commit(.enableUser(fixture.alice.user))
    #expect(reasons() == [.invalidGrant, .invalidGrant])
  }

  @Test func disabledPersonIsRefusedWhateverWasAnsweredBefore() throws {
    let trusted = app(isTrusted: true)
    let app = app()
    let own = fixture.register(by: fixture.alice)
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let question = try #require(fixture.question(fixture.authorization(app)))
    let operations: [Operation] = [
      .authorize(fixture.authorization(trusted)), try allow(app),
      .deny(fixture.answer(question.ticket)),
      .issue(IssueTokens(items: [fixture.item(app)], keyID: 0)),
      fixture.registration(by: fixture.alice), fixture.update(own, by: fixture.alice),
      .regenerateSecret(fixture.alice, clientID: own, Fixture.digest("x")),
      .deauthorize(fixture.alice, user: [], clientID: trusted),
      .deleteApp(fixture.alice, clientID: own),
    ]
    for (number, operation) in operations.enumerated() {
      fixture.commit(operation, retry: fixture.retry(UInt64(400 + number)))
    }
    fixture.commit(.disableUser(fixture.alice.user))
    for (number, operation) in operations.enumerated() {
      let outcome = fixture.commit(operation, retry: fixture.retry(UInt64(400 + number)))
      guard case .refused(let refusal) = outcome else {
        Issue.record("operation \(number) was answered")
        continue
      }
      #expect(refusal.reason == .userDisabled, "operation \(number)")
    }
  }

  @Test func ownerWhoIsNoLongerTheOwnerGetsNoReply() {
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let app = fixture.register(by: fixture.alice)
    let update = fixture.update(app, by: fixture.alice)
    #expect(
      reason(update) { fixture.commit(.revokeUser(fixture.alice.user, .userDeleted)) }
        == .forbidden)
  }

  @Test func formerAdministratorGetsNoReply() {
    let setting = fixture.setting("grants-per-user", "7")
    #expect(reason(setting) {} == nil)
    var person = fixture.admin
    person.isSystemAdmin = false
    let again = fixture.commit(
      fixture.setting("grants-per-user", "7", by: person), retry: fixture.retry(1))
    guard case .refused(let refusal) = again else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.reason == .forbidden)
  }

  // MARK: The application

  @Test func deletedAppsTokensAreNotHandedOutAgain() throws {
    let expected: [Refusal.Reason] = [
      .invalidClient, .invalidClient, .invalidClient, .notFound, .ticketInvalid, .invalidClient,
    ]
    for (number, reasonNow) in expected.enumerated() {
      let app = app(isTrusted: number == 5)
      let operation: Operation
      switch number {
      case 0: operation = try exchange(app)
      case 1: operation = try refresh(app)
      case 2: operation = clientCredentials(app)
      case 3: operation = .issue(IssueTokens(items: [fixture.item(app)], keyID: 0))
      case 4: operation = try allow(app)
      default: operation = .authorize(fixture.authorization(app))
      }
      let answer = reason(operation) {
        fixture.commit(.deleteApp(fixture.admin, clientID: app))
      }
      #expect(answer == reasonNow, "operation \(number)")
      fixture.wait(seconds: 600)
    }
  }

  @Test func codeGoesToNoCallbackThatWasTakenBack() throws {
    let app = app()
    let operation = try allow(app)
    let answer = reason(operation) {
      fixture.commit(
        fixture.update(app, by: fixture.admin) {
          $0.callbacks = [Array("https://other.example/cb".utf8)]
        })
    }
    #expect(answer == .ticketInvalid)
  }

  // MARK: What was used up is not judged again

  @Test func revokedGrantIsNotHandedOutAgain() throws {
    let app = app()
    let operation = try exchange(app)
    guard case .exchange(let request) = operation else { return }
    #expect(
      reason(operation) { fixture.commit(.revoke(.grant(request.grantID))) }
        == .invalidGrant)
  }

  @Test func rotatedSinceThenTheReplyIsTheSameAndNothingIsRevoked() throws {
    let app = app()
    let operation = try exchange(app)
    guard case .token(let token) = fixture.commit(operation, retry: fixture.retry(1)) else {
      Issue.record("no token")
      return
    }
    let next = try #require(fixture.issued(.refresh(fixture.refresh(app, token.refreshID))))
    let again = fixture.commit(operation, retry: fixture.retry(1))
    guard case .replayed(_, .token(let same)) = again else {
      Issue.record("not replayed")
      return
    }
    #expect(same == token)
    #expect(fixture.verdict(next.id) == .live)
  }
}
