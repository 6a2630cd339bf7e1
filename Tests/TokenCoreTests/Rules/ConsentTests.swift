import Testing

@testable import TokenCore

@Suite struct ConsentTests {
  let fixture = Fixture()

  private func ticket(_ request: Authorize) throws -> ConsentTicket {
    try #require(fixture.question(request)).ticket
  }

  @Test func F18_denySendsAccessDeniedWithState() throws {
    fixture.set { $0.issuer = bytes("https://id.example") }
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    guard case .redirect(let redirect) = fixture.commit(.deny(fixture.answer(ticket))) else {
      Issue.record("no redirect")
      return
    }
    #expect(redirect.answer == .denied(inFragment: false))
    #expect(redirect.state == bytes("xyz"))
    #expect(redirect.issuer == bytes("https://id.example"))
    #expect(fixture.lastAudit?.event == .denied)
  }

  @Test func F18_denyIsNotRemembered() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    _ = fixture.commit(.deny(fixture.answer(ticket)))
    #expect(fixture.question(fixture.authorization(app)) != nil)
    #expect(fixture.state.consents.liveCount == 0)
    #expect(fixture.state.codes.liveCount == 0)
  }

  /// It listens on another port each time, and is asked each time: nothing to remember.
  @Test func allowsOfLoopbackClientsDoNotPileUp() throws {
    let app = fixture.register(
      Fixture.fields(callbacks: ["http://127.0.0.1/callback"], isPublic: true))
    for port in 4_000..<4_020 {
      let asked = fixture.authorization(
        app, redirect: "http://127.0.0.1:\(port)/callback", challenge: Pair.challenge)
      #expect(fixture.allow(try ticket(asked)) != nil)
      #expect(fixture.question(asked) != nil)
    }
    #expect(fixture.state.consents.liveCount == 0)
    #expect(fixture.state.codes.liveCount == 20)
  }

  @Test func allowsOfPublicClientsWithHTTPSAreRemembered() throws {
    let app = fixture.register(Fixture.fields(isPublic: true))
    let asked = fixture.authorization(app, challenge: Pair.challenge)
    #expect(fixture.allow(try ticket(asked)) != nil)
    #expect(fixture.passed(asked) != nil)
  }

  @Test func thePersonsOldestAllowGoesWhenThereAreTooMany() throws {
    let app = fixture.register()
    fixture.apply([.user(9, User(id: fixture.alice.user, createdAtMillis: 1))])
    fixture.apply(
      (1...UInt32(Limits.consentsPerUser)).map { number in
        .consent(
          number,
          Consent(
            userSlot: 9, appSlot: fixture.appSlot(app), scopeSet: 0,
            redirectURI: bytes("https://a.example/\(number)"),
            firstAllowedAtMillis: UInt64(2_000 - number)))
      })
    #expect(fixture.allow(try ticket(fixture.authorization(app))) != nil)
    let slots = fixture.state.consentSlots(ofUser: 9)
    #expect(slots.count == Limits.consentsPerUser)
    #expect(!slots.contains(UInt32(Limits.consentsPerUser)))
    #expect(fixture.passed(fixture.authorization(app)) != nil)
    #expect(fixture.rebuilt() == [])
  }

  @Test func F18_denyWorksWithTheProviderOff() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    fixture.switchOff()
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .providerOff)
    #expect(fixture.reason(.deny(fixture.answer(ticket))) == nil)
  }

  @Test func F18_denyOfImplicitGoesIntoTheFragment() throws {
    let app = fixture.register(Fixture.fields(grantTypes: [.implicit]))
    let ticket = try ticket(fixture.authorization(app, type: "token"))
    guard case .redirect(let redirect) = fixture.commit(.deny(fixture.answer(ticket))) else {
      Issue.record("no redirect")
      return
    }
    #expect(redirect.answer == .denied(inFragment: true))
  }

  @Test func ticketIsAnsweredOnce() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    #expect(fixture.allow(ticket) != nil)
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .ticketInvalid)
    #expect(fixture.reason(.deny(fixture.answer(ticket))) == .ticketInvalid)
  }

  @Test func ticketIsUsedAlsoAfterARestart() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    #expect(fixture.allow(ticket) != nil)
    try fixture.restart()
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .ticketInvalid)
  }

  @Test func ticketIsForThePersonAsked() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    let answer = fixture.answer(ticket, by: fixture.bob)
    #expect(fixture.reason(.allow(answer)) == .ticketInvalid)
    #expect(fixture.reason(.deny(answer)) == .ticketInvalid)
    #expect(fixture.allow(ticket) != nil)
  }

  @Test func ticketLastsTenMinutes() throws {
    let app = fixture.register()
    let first = try ticket(fixture.authorization(app))
    let second = try ticket(fixture.authorization(app))
    fixture.wait(seconds: 599)
    #expect(fixture.allow(first) != nil)
    fixture.wait(seconds: 1)
    #expect(fixture.reason(.allow(fixture.answer(second))) == .ticketInvalid)
  }

  @Test func forgedTicketIsRefused() {
    #expect(fixture.reason(.allow(fixture.answer(nil))) == .ticketInvalid)
    #expect(fixture.reason(.deny(fixture.answer(nil))) == .ticketInvalid)
  }

  @Test func changedAppVoidsTheTicket() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    var changed = try #require(fixture.app(app))
    changed.revision += 1
    changed.fields.name = bytes("Something else")
    fixture.apply([.app(fixture.appSlot(app), changed)])
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .ticketInvalid)
  }

  @Test func deletedAppVoidsTheTicket() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    var deleted = try #require(fixture.app(app))
    deleted.isDeleted = true
    fixture.apply([.app(fixture.appSlot(app), deleted)])
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .ticketInvalid)
    #expect(fixture.reason(.deny(fixture.answer(ticket))) == .ticketInvalid)
  }

  @Test func F38_disabledPersonCannotAllow() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    fixture.apply([.user(900, User(id: bytes("alice"), isDisabled: true, createdAtMillis: 1))])
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .userDisabled)
  }

  @Test func F36_oauthTokenCannotAllow() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    var person = fixture.alice
    person.login = .oauthToken
    let answer = fixture.answer(ticket, by: person)
    #expect(fixture.reason(.allow(answer)) == .personLoginRefused)
    #expect(fixture.reason(.deny(answer)) == .personLoginRefused)
  }

  @Test func G8_widerScopesAreAskedForAgain() throws {
    let app = fixture.register()
    let first = try ticket(fixture.authorization(app, scope: "read"))
    #expect(fixture.allow(first) != nil)
    #expect(fixture.passed(fixture.authorization(app, scope: "read")) != nil)
    let wider = try #require(
      fixture.question(fixture.authorization(app, scope: "read write")))
    #expect(wider.scopes == bytes("read write"))
    #expect(wider.newScopes == bytes("write"))
    #expect(fixture.allow(wider.ticket) != nil)
    #expect(fixture.passed(fixture.authorization(app, scope: "write")) != nil)
    #expect(fixture.passed(fixture.authorization(app, scope: "write read")) != nil)
  }

  @Test func G8_consentIsForOneRedirectURI() throws {
    let callbacks = ["https://client.example/callback", "https://client.example/other"]
    let app = fixture.register(Fixture.fields(callbacks: callbacks))
    let first = try ticket(fixture.authorization(app, redirect: callbacks[0]))
    #expect(fixture.allow(first) != nil)
    #expect(fixture.question(fixture.authorization(app, redirect: callbacks[1])) != nil)
  }

  @Test func CVE_2026_28735_scopeCannotBeWidenedAtTheAnswer() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app, scope: "read"))
    let redirect = try #require(fixture.allow(ticket))
    guard case .code(let id, _) = redirect.answer else {
      Issue.record("no code")
      return
    }
    let token = try #require(fixture.issued(.exchange(fixture.exchange(app, id))))
    #expect(token.scope == bytes("read"))
    #expect(fixture.passed(fixture.authorization(app, scope: "read admin")) == nil)
  }

  @Test func CVE_2026_16103_checksOfTheStartHoldAtTheAnswer() throws {
    let app = fixture.register()
    let ticket = try ticket(fixture.authorization(app))
    // The same revision, as if a change had forgotten to raise it.
    var changed = try #require(fixture.app(app))
    changed.fields.callbacks = [bytes("https://client.example/new")]
    fixture.apply([.app(fixture.appSlot(app), changed)])
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .ticketInvalid)
    changed.fields.callbacks = [Fixture.callback]
    changed.fields.grantTypes = [.clientCredentials]
    fixture.apply([.app(fixture.appSlot(app), changed)])
    #expect(fixture.reason(.allow(fixture.answer(ticket))) == .unauthorizedClient)
    #expect(fixture.state.codes.liveCount == 0)
  }
}
