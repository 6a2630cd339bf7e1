import Testing

@testable import TokenCore

/// A retried mutation has one effect and the same reply (Hydra GHSA-3p3g-vpw6-4w66 is about a check
/// of this kind that was looked up but not kept).
@Suite struct ReplayTests {
  let fixture = Fixture()

  /// The operation is done once with a key; whatever happens then, the same key and body answer the
  /// same and change nothing, another body is a conflict, and after the window it is decided anew.
  private func holds(
    _ operation: Operation, again: (() -> Operation)? = nil, between: () throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) rethrows {
    let again = again ?? { operation }
    let first = fixture.commit(operation, retry: fixture.retry(77))
    if case .refused(let refusal) = first {
      Issue.record("refused: \(refusal.message)", sourceLocation: sourceLocation)
    }
    try between()
    fixture.wait(seconds: 599)
    let position = fixture.state.position
    fixture.mayReclaim = false
    guard case .replayed(_, let outcome) = fixture.commit(again(), retry: fixture.retry(77))
    else {
      Issue.record("not replayed", sourceLocation: sourceLocation)
      return
    }
    #expect(outcome.renamed(by: operation) == first, sourceLocation: sourceLocation)
    for other in [fixture.retry(77, "other"), fixture.retry(77, operation: 2)] {
      guard case .refused(let refusal) = fixture.commit(again(), retry: other) else {
        Issue.record("no conflict", sourceLocation: sourceLocation)
        return
      }
      #expect(refusal.reason == .idempotencyConflict, sourceLocation: sourceLocation)
    }
    #expect(fixture.state.position == position, sourceLocation: sourceLocation)
    fixture.wait(seconds: 1)
    if case .replayed = fixture.commit(again(), retry: fixture.retry(77)) {
      Issue.record("replayed after the window", sourceLocation: sourceLocation)
    }
  }

  private func holds(_ operation: Operation, again: (() -> Operation)? = nil) {
    holds(operation, again: again) {}
  }

  @Test func exchangeIsReplayedAndTheCodeNotTakenForStolen() throws {
    let app = fixture.register()
    let code = try #require(
      fixture.newCode(
        fixture.authorization(app, scope: "b a", resource: "https://api.example/")))
    let operation = Operation.exchange(fixture.exchange(app, code))
    try holds(operation, again: { .exchange(fixture.exchange(app, code)) }) {
      _ = try fixture.authorized(app)
    }
  }

  @Test func replayOfAnExchangeLeavesItsGrantAlive() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let operation = Operation.exchange(fixture.exchange(app, code))
    guard case .token(let token) = fixture.commit(operation, retry: fixture.retry(5)) else {
      Issue.record("no token")
      return
    }
    _ = fixture.commit(.exchange(fixture.exchange(app, code)), retry: fixture.retry(5))
    #expect(fixture.verdict(token.id) == .live)
    // Another caller's key of the same bytes is another key.
    fixture.peerUID = 2_000
    let other = Operation.exchange(fixture.exchange(app, code))
    guard case .refused(let refusal) = fixture.commit(other, retry: fixture.retry(5)) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.reason == .invalidGrant)
  }

  @Test func refreshIsReplayedWithItsNarrowedScope() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app, scope: "read write")
    // The narrowed set of scopes gets its number in the very commit that is remembered.
    let request = fixture.refresh(app, token.refreshID, scope: "write")
    try holds(
      .refresh(request),
      again: { .refresh(fixture.refresh(app, token.refreshID, scope: "write")) }
    ) {
      _ = try fixture.authorized(app)
    }
  }

  @Test func G3_graceReplyIsRememberedUnderItsOwnKey() throws {
    let app = fixture.register()
    let first = try fixture.authorized(app)
    let second = try #require(
      fixture.issued(.refresh(fixture.refresh(app, first.refreshID))))
    func retried() -> Outcome {
      fixture.commit(.refresh(fixture.refresh(app, first.refreshID)), retry: fixture.retry(8))
    }
    guard case .token(let again) = retried() else {
      Issue.record("no token")
      return
    }
    #expect(again.id == second.id)
    fixture.wait(seconds: 60)
    guard case .replayed(_, .token(let late)) = retried() else {
      Issue.record("not replayed")
      return
    }
    #expect(late == again)
    #expect(fixture.verdict(second.id) == .live)
  }

  @Test func clientCredentialsAreReplayed() {
    let app = fixture.register(
      Fixture.fields(grantTypes: [.clientCredentials], scopes: "read write"))
    func operation() -> Operation {
      .clientCredentials(
        GrantClientCredentials(
          client: Fixture.credential(app), scope: bytes("read"),
          resource: bytes("https://api.example/"), token: fixture.newToken(),
          grantID: fixture.newID()))
    }
    holds(operation(), again: operation) { _ = fixture.commit(operation()) }
  }

  @Test func passedAuthorizationIsReplayed() {
    let app = fixture.register(Fixture.fields(isTrusted: true))
    let operation = Operation.authorize(fixture.authorization(app))
    holds(operation, again: { .authorize(fixture.authorization(app)) }) {
      _ = fixture.newCode(fixture.authorization(app))
    }
  }

  @Test func implicitAuthorizationIsReplayed() {
    let app = fixture.register(Fixture.fields(isTrusted: true, grantTypes: [.implicit]))
    let operation = Operation.authorize(
      fixture.authorization(
        app, type: "token", scope: "new scopes", resource: "https://new.example/"))
    holds(operation)
  }

  @Test func allowIsReplayedAndTheTicketNotTakenForUsed() throws {
    let app = fixture.register()
    let question = try #require(fixture.question(fixture.authorization(app)))
    let operation = Operation.allow(fixture.answer(question.ticket))
    holds(operation, again: { .allow(fixture.answer(question.ticket)) })
  }

  @Test func denyIsReplayed() throws {
    let app = fixture.register(Fixture.fields(grantTypes: [.authorizationCode, .implicit]))
    let question = try #require(fixture.question(fixture.authorization(app, type: "token")))
    holds(.deny(fixture.answer(question.ticket)))
  }

  @Test func issueIsReplayedWithTheLifetimesOfThen() {
    let app = fixture.register(Fixture.fields(scopes: "read user"))
    func items() -> [IssueTokens.Item] {
      [
        fixture.item(app, scope: "user read", count: 2), fixture.item(app, withRefresh: true),
        fixture.item(app, user: "", lifetimeSeconds: 90), fixture.item(app, audience: "urn:x"),
      ]
    }
    holds(
      .issue(IssueTokens(items: items(), keyID: 0)),
      again: { .issue(IssueTokens(items: items(), keyID: 0)) }
    ) {
      fixture.set {
        $0.accessTokenLifetimeSeconds = 61
        $0.refreshIdleSeconds = 62
      }
    }
  }

  @Test func revocationsAreReplayed() throws {
    let app = fixture.register()
    let tokens = try (0..<2).map { _ in try fixture.authorized(app) }
    holds(.revoke(.grant(tokens[0].grantID)))
    fixture.nowMillis += 3_600_000
    holds(.clientRevoke(Fixture.credential(app), .accessToken(tokens[1].id)))
  }

  @Test func keyUsedAgainAfterTheWindowIsAKeyOfItsOwn() throws {
    let app = fixture.register()
    for _ in 0..<3 {
      let token = try fixture.authorized(app)
      holds(.revoke(.grant(token.grantID)))
      fixture.mayReclaim = true
      fixture.wait(seconds: 600)
    }
  }

  @Test func deauthorizeIsReplayedAndTakesNothingGrantedSince() throws {
    let app = fixture.register()
    _ = try fixture.authorized(app)
    let operation = Operation.deauthorize(fixture.alice, user: [], clientID: app)
    #expect(fixture.commit(operation, retry: fixture.retry(3)) == .done)
    let later = try fixture.authorized(app)
    guard case .replayed(_, .done) = fixture.commit(operation, retry: fixture.retry(3)) else {
      Issue.record("not replayed")
      return
    }
    #expect(fixture.verdict(later.id) == .live)
  }

  @Test func GHSA_3p3g_vpw6_4w66_keysAreKeptAcrossARestart() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let first = fixture.commit(
      .exchange(fixture.exchange(app, code)), retry: fixture.retry(4))
    try fixture.restart()
    let again = fixture.commit(
      .exchange(fixture.exchange(app, code)), retry: fixture.retry(4))
    guard case .replayed(_, let outcome) = again else {
      Issue.record("not replayed")
      return
    }
    #expect(outcome == first)
  }

  @Test func refusalsAreDecidedAnew() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    fixture.switchOff()
    let operation = Operation.exchange(fixture.exchange(app, code))
    guard case .refused = fixture.commit(operation, retry: fixture.retry(6)) else {
      Issue.record("not refused")
      return
    }
    fixture.switchOn()
    guard case .token = fixture.commit(operation, retry: fixture.retry(6)) else {
      Issue.record("no token")
      return
    }
  }

  @Test func retryAfterItsApplicationIsGoneIsRefused() {
    let app = fixture.register()
    let update = Operation.updateApp(
      UpdateApplication(
        person: fixture.admin, clientID: app, expectedRevision: 0,
        fields: Fixture.fields(name: "Other")))
    guard case .app = fixture.commit(update, retry: fixture.retry(900)) else {
      Issue.record("the update was refused")
      return
    }
    fixture.commit(.deleteApp(fixture.admin, clientID: app))
    guard case .refused(let refusal) = fixture.commit(update, retry: fixture.retry(900)) else {
      Issue.record("the retry was not refused")
      return
    }
    #expect(refusal.reason == .notFound)
  }

  @Test func errorRedirectsAreJudgedAnew() {
    let app = fixture.register(Fixture.fields(scopes: "user"))
    let asked = Operation.authorize(fixture.authorization(app, scope: "other"))
    let first = fixture.commit(asked, retry: fixture.retry(901))
    #expect(fixture.commit(asked, retry: fixture.retry(901)) == first)
  }

  @Test func oneKeyUsedForeverHasOneEntry() {
    let app = fixture.register()
    for _ in 0..<300 {
      fixture.commit(.revokeApp(clientID: app), retry: fixture.retry(902))
      fixture.wait(seconds: 601)
    }
    #expect(fixture.state.findRetry(fixture.peerUID, fixture.retry(902).key) != nil)
    #expect(fixture.rebuilt() == [])
  }

  @Test func G7_reclaimKeepsPaceWithIssuing() throws {
    var sizes = TableSizes.small
    sizes.tokens = 1_024
    let fixture = Fixture(sizes: sizes)
    let app = fixture.register()
    for round in 0..<50 {
      let tokens = fixture.issue([fixture.item(app, lifetimeSeconds: 60, count: 128)])
      #expect(tokens?.count == 128, "round \(round)")
      fixture.wait(seconds: 30)
    }
  }

  /// Nothing of the owner before may live, or be read, under the new one.
  @Test func G7_aReusedSlotHasItsGateRaised() throws {
    let app = fixture.register()
    let old = try #require(fixture.issue([fixture.item(app, lifetimeSeconds: 60)])?.first)
    let slot = try #require(fixture.grantSlot(old.grantID))
    fixture.wait(seconds: 61)
    fixture.commit(.revokeApp(clientID: app))
    #expect(fixture.grantSlot(old.grantID) == nil)
    let new = try #require(fixture.issue([fixture.item(app, user: "bob")])?.first)
    #expect(fixture.grantSlot(new.grantID) == slot)
    let gate = fixture.state.gates.position(of: .grant(slot))
    #expect(gate == fixture.state.position - 1)
    #expect(fixture.verdict(new.id) == .live)
  }

  @Test func replyOfARetiredKeyIsRefused() {
    let app = fixture.register()
    let issue = Operation.issue(IssueTokens(items: [fixture.item(app)], keyID: 0))
    guard case .issued = fixture.commit(issue, retry: fixture.retry(903)) else {
      Issue.record("nothing was issued")
      return
    }
    fixture.commit(.rotateKey(salt: fixture.newID()))
    fixture.commit(.retireKey(keyID: 0, force: true))
    guard case .refused(let refusal) = fixture.commit(issue, retry: fixture.retry(903)) else {
      Issue.record("the retry was not refused")
      return
    }
    #expect(refusal.reason == .invalidGrant)
  }

  /// Scope sets are never forgotten: one application must not fill their table for everybody.
  @Test func oneApplicationCannotFillTheScopeSets() throws {
    var sizes = TableSizes.small
    sizes.scopeSets = 4_095
    let fixture = Fixture(sizes: sizes)
    let app = fixture.register(Fixture.fields(grantTypes: [.clientCredentials], scopes: "a"))
    var stored = try #require(fixture.app(app))
    stored.fields.scopes = bytes((0..<12).map { "s\($0)" }.joined(separator: " "))
    fixture.apply([.app(fixture.appSlot(app), stored)])
    var refused = 0
    for number in 1...1_100 {
      let scope = (0..<12).filter { number >> $0 & 1 == 1 }.map { "s\($0)" }
        .joined(separator: " ")
      let request = GrantClientCredentials(
        client: Fixture.credential(app), scope: bytes(scope), resource: [],
        token: fixture.newToken(), grantID: fixture.newID())
      if fixture.reason(.clientCredentials(request)) == .limitReached { refused += 1 }
    }
    #expect(refused == 1_100 - Limits.newTextsPerApp)
    #expect(fixture.issue([fixture.item(fixture.register(), scope: "fresh")]) != nil)
  }
}
