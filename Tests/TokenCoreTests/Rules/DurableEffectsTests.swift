import Testing

@testable import TokenCore

/// What must outlive the process: in the journal with the commit that it belongs to, and kept in
/// the tables for as long as somebody may ask.
@Suite struct DurableEffectsTests {
  let fixture = Fixture()

  /// The service that a start makes of the journal alone.
  private func afterACrash() -> Fixture {
    let next = Fixture(isOn: false)
    for (position, effects) in fixture.journal { next.state.apply(effects, at: position) }
    next.nowMillis = fixture.nowMillis
    return next
  }

  /// Many mutations that change nothing by themselves: each pays for some reclaim.
  private func sweep() {
    for _ in 0..<200 { fixture.commit(.revoke(.accessToken(fixture.newID()))) }
  }

  @Test func G2_aRedeemedCodeIsRedeemedAfterACrash() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
    let again = Operation.exchange(fixture.exchange(app, code))
    let next = afterACrash()
    #expect(next.verdict(token.id) == .live)
    #expect(next.reason(again) == .invalidGrant)
    #expect(next.verdict(token.id) == .revoked)
  }

  @Test func aRetriedMutationHasOneEffectAcrossACrash() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let operation = Operation.exchange(fixture.exchange(app, code))
    let first = fixture.commit(operation, retry: fixture.retry(5))
    guard case .token(let token) = first else {
      Issue.record("\(first)")
      return
    }
    let next = afterACrash()
    guard case .replayed(_, let outcome) = next.commit(operation, retry: fixture.retry(5)) else {
      Issue.record("not replayed")
      return
    }
    #expect(outcome == first && next.verdict(token.id) == .live)
  }

  @Test func aRememberedReplyIsSignedWithTheKeyOfThen() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let operations = [
      Operation.exchange(fixture.exchange(app, code)),
      .issue(IssueTokens(items: [fixture.item(app, withRefresh: true)], keyID: 0)),
    ]
    let first = operations.enumerated().map {
      fixture.commit($0.element, retry: fixture.retry(UInt64($0.offset)))
    }
    guard case .keyRotated(let keyID) = fixture.commit(.rotateKey(salt: fixture.newID())) else {
      Issue.record("not rotated")
      return
    }
    #expect(keyID != 0)
    for (index, operation) in operations.enumerated() {
      let again = fixture.commit(operation, retry: fixture.retry(UInt64(index)))
      guard case .replayed(_, let outcome) = again else {
        Issue.record("not replayed: \(again)")
        continue
      }
      #expect(outcome == first[index])
    }
  }

  @Test func F1_whatLivedBeforeTheProviderWasOffLivesWhenItIsOn() throws {
    let app = fixture.register()
    let token = try fixture.authorized(app)
    fixture.switchOff()
    sweep()
    fixture.switchOn()
    #expect(fixture.verdict(token.id) == .live)
  }

  @Test func nothingIsFreedWhileTheClockIsSuspect() throws {
    let app = fixture.register()
    let token = try #require(fixture.issue([fixture.item(app, lifetimeSeconds: 60)])?.first)
    fixture.mayReclaim = false
    fixture.wait(seconds: 61)
    sweep()
    #expect(fixture.verdict(token.id) == .expired)
    fixture.mayReclaim = true
    sweep()
    #expect(fixture.verdict(token.id) == .absent)
  }

  @Test func G2_aCodeShownAgainLongAfterItExpiredStillRevokes() throws {
    let app = fixture.register()
    let code = try #require(fixture.newCode(fixture.authorization(app)))
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, code))))
    fixture.wait(seconds: UInt64(fixture.settings.codeLifetimeSeconds) + 500)
    sweep()
    #expect(fixture.reason(.exchange(fixture.exchange(app, code))) == .invalidGrant)
    #expect(fixture.verdict(token.id) != .live)
  }

  @Test func F38_aBanIsKeptWhereNothingElseIsKnownOfTheUser() {
    let app = fixture.register()
    fixture.commit(.disableUser(bytes("mallory")))
    sweep()
    let issue = Operation.issue(
      IssueTokens(items: [fixture.item(app, user: "mallory")], keyID: 0))
    #expect(fixture.reason(issue) == .userDisabled)
  }

  /// The gate of a reused slot stays where the owner before left it, or higher.
  @Test func G7_aGateNeverSinksWhenItsSlotIsReused() throws {
    let app = fixture.register()
    let old = try fixture.authorized(app)
    let slot = try #require(fixture.grantSlot(old.grantID))
    fixture.commit(.revoke(.grant(old.grantID)))
    let gate = fixture.state.gates.position(of: .grant(slot))
    sweep()
    #expect(fixture.grantSlot(old.grantID) == nil)
    let next = try fixture.authorized(app, by: fixture.bob)
    #expect(fixture.grantSlot(next.grantID) == slot)
    #expect(fixture.state.gates.position(of: .grant(slot)) > gate)
    #expect(fixture.verdict(next.id) == .live && fixture.verdict(old.id) != .live)
  }
}
