import Testing

@testable import TokenCore

/// Many holders of one family's tokens, refreshing and revoking in any order: one access token
/// lives at a time, reuse ends the family, and after an end nothing of it validates.
@Suite struct T17RefreshRaceTests {
  @Test func T17_oneFamilyHasOneLivingEndAndReuseEndsIt() throws {
    var world = World()
    for seed in 0..<RaceRounds.count {
      if seed % RaceRounds.perFixture == 0 { world = World() }
      let fault = try world.play(SplitMix64(seed))
      #expect(fault == nil, "seed \(seed): \(fault ?? "")")
    }
  }

  private struct World {
    let fixture = Fixture()
    let app: [UInt8]
    /// By generation: the access token that came with it.
    private var access: [TokenID] = []
    private var family = TokenID.none
    private var grantID = TokenID.none
    private var isDead = false
    private var rotatedAtMillis: UInt64 = 0

    init() { app = fixture.register() }

    mutating func play(_ seed: SplitMix64) throws -> String? {
      var random = seed
      let first = try fixture.authorized(app)
      access = [first.id]
      family = try #require(first.refreshID)
      grantID = first.grantID
      isDead = false
      rotatedAtMillis = fixture.nowMillis
      for _ in 0..<(3 + random.below(10)) {
        if random.below(4) == 0 { fixture.nowMillis += UInt64(random.below(12_000)) }
        switch random.below(12) {
        case 0: revoke(&random)
        case 1: if let fault = strangersTry(&random) { return fault }
        default:
          // Mostly the newest two: those are what races are about.
          let back = min(random.below(4) == 0 ? random.below(4) : random.below(2), newest)
          if let fault = refresh(generation: UInt32(newest - back)) { return fault }
        }
        if let fault = judge() { return fault }
      }
      fixture.commit(.revoke(.grant(grantID)))
      fixture.forgetJournal()
      return nil
    }

    private var newest: Int { access.count - 1 }

    private mutating func refresh(generation: UInt32) -> String? {
      let age = newest - Int(generation)
      let isInGrace = fixture.nowMillis < rotatedAtMillis + 10_000
      let outcome = fixture.commit(
        .refresh(fixture.refresh(app, family.with(generation: generation))))
      let token: IssuedToken? = if case .token(let token) = outcome { token } else { nil }
      guard !isDead, age == 0 || age == 1 && isInGrace else {
        isDead = true
        return token == nil ? nil : "generation \(generation) of \(newest) was answered"
      }
      guard let token else { return "generation \(generation) of \(newest) was refused" }
      if age == 0 {
        access.append(token.id)
        rotatedAtMillis = fixture.nowMillis
      }
      return token.id == access[newest] && Int(token.refreshID?.generation ?? 0) == newest
        ? nil : "not the successor"
    }

    /// Every way to end it.
    private mutating func revoke(_ random: inout SplitMix64) {
      switch random.below(5) {
      case 0: fixture.commit(.revoke(.grant(grantID)))
      case 1:
        fixture.commit(
          .clientRevoke(
            Fixture.credential(app), .refreshToken(family.with(generation: UInt32(newest)))))
      case 2: fixture.commit(.revokeUser(fixture.alice.user, .allSessions))
      case 3: fixture.commit(.revokeApp(clientID: app))
      default: fixture.commit(.deauthorize(fixture.alice, user: [], clientID: app))
      }
      isDead = true
    }

    /// What does not come from its own client changes nothing: a wrong secret, a generation that
    /// was never made.
    private func strangersTry(_ random: inout SplitMix64) -> String? {
      let wrong = fixture.refresh(
        app, family.with(generation: UInt32(random.below(newest + 1))), secret: "wrong")
      let unknown = fixture.refresh(app, family.with(generation: UInt32(newest + 1)))
      guard case .refused = fixture.commit(.refresh(random.below(2) == 0 ? wrong : unknown))
      else { return "a stranger was answered" }
      return nil
    }

    private func judge() -> String? {
      for (generation, id) in access.enumerated() {
        let isAlive = fixture.verdict(id) == .live
        guard isAlive == (!isDead && generation == newest) else {
          return "the access token of generation \(generation) of \(newest) is "
            + (isAlive ? "alive" : "dead")
        }
      }
      return nil
    }
  }
}
