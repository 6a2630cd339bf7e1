@testable import TokenCore

/// One grant with an access token and a refresh token, planted without the flow rules.
struct PlantedGrant {
  var grantID: TokenID
  var tokenID: TokenID
  var familyID: TokenID
  var position: UInt64
}

extension Fixture {
  /// A grant of the user to the application, signed with the primary key unless told otherwise.
  @discardableResult
  func plantGrant(
    user: String, _ clientID: [UInt8], keyID: UInt8? = nil, lifetimeSeconds: UInt32 = 3_600
  ) -> PlantedGrant {
    var plan = Plan(
      position: state.position + 1, call: Call(nowMillis: nowMillis, peerUID: peerUID))
    guard let userSlot = try? plan.userSlot(Array(user.utf8), state),
      let grantSlot = try? plan.takeGrantSlot(state),
      let familySlot = try? plan.takeFamilySlot(state),
      let tokenSlot = try? plan.takeTokenSlot(state)
    else { preconditionFailure("the fixture's tables are full") }
    let key = keyID ?? state.derived.primaryKeyID
    let app = appSlot(clientID)
    let expiry = nowSeconds + lifetimeSeconds
    let grant = Grant(
      id: newID(), appSlot: app, userSlot: userSlot, scopeSet: 0, audience: 0,
      familySlot: familySlot, position: plan.position, createdAtMillis: nowMillis,
      expiresAtSeconds: expiry)
    let family = RefreshFamily(
      id: newID(), keyID: key, grantSlot: grantSlot, appSlot: app, userSlot: userSlot, scopeSet: 0,
      audience: 0, position: plan.position, createdAtMillis: nowMillis,
      absoluteExpirySeconds: expiry, idleExpirySeconds: expiry)
    let token = newToken()
    let record = TokenRecord(
      kind: 1, keyID: key, expirySeconds: expiry, id: token.id, digest: token.digest,
      position: plan.position, grant: grantSlot, app: app, user: userSlot)
    apply(
      plan.effects + [
        .grant(grantSlot, grant), .family(familySlot, family), .tokenIssued(tokenSlot, record),
      ])
    return PlantedGrant(
      grantID: grant.id, tokenID: token.id, familyID: family.id, position: grant.position)
  }

  /// A remembered Allow.
  func plantConsent(user: String, _ clientID: [UInt8]) {
    var plan = Plan(
      position: state.position + 1, call: Call(nowMillis: nowMillis, peerUID: peerUID))
    guard let userSlot = try? plan.userSlot(Array(user.utf8), state),
      let slot = try? plan.takeConsentSlot(state)
    else { preconditionFailure("the fixture's tables are full") }
    let consent = Consent(
      userSlot: userSlot, appSlot: appSlot(clientID), scopeSet: 0, redirectURI: Self.callback,
      firstAllowedAtMillis: nowMillis)
    apply(plan.effects + [.consent(slot, consent)])
  }

  func hasConsent(user: String, _ clientID: [UInt8]) -> Bool {
    state.findConsent(
      userSlot: userSlot(user), appSlot: appSlot(clientID), redirectURI: Self.callback) != nil
  }

  /// A code that waits to be redeemed.
  func plantCode(user: String, _ clientID: [UInt8]) -> TokenID {
    var plan = Plan(
      position: state.position + 1, call: Call(nowMillis: nowMillis, peerUID: peerUID))
    guard let userSlot = try? plan.userSlot(Array(user.utf8), state),
      let slot = try? plan.takeCodeSlot(state)
    else { preconditionFailure("the fixture's tables are full") }
    let code = AuthorizationCode(
      id: newID(), keyID: state.derived.primaryKeyID, appSlot: appSlot(clientID),
      userSlot: userSlot, scopeSet: 0, audience: 0, position: plan.position,
      createdAtMillis: nowMillis, expiresAtMillis: nowMillis + 60_000, codeChallenge: [],
      redirectURI: Self.callback)
    apply(plan.effects + [.code(slot, code)])
    return code.id
  }

  /// Whether the grant, its access token and its refresh token all live.
  func isAlive(_ planted: PlantedGrant) -> Bool { deadParts(planted).isEmpty }

  /// Which of them do not.
  func deadParts(_ planted: PlantedGrant) -> [String] {
    var dead: [String] = []
    let grant = state.findGrant(planted.grantID)
    if !(grant.map { state.isAlive($0.grant, slot: $0.slot, nowMillis: nowMillis) } ?? false) {
      dead.append("grant")
    }
    let family = state.findFamily(planted.familyID)?.family
    if !(family.map { state.isAlive($0, nowMillis: nowMillis) } ?? false) {
      dead.append("refresh token")
    }
    if verdict(planted.tokenID) != .live { dead.append("access token") }
    return dead
  }

  func isDead(_ planted: PlantedGrant) -> Bool { deadParts(planted).count == 3 }

  /// Whether the gates leave a code alone.
  func isOpen(code id: TokenID) -> Bool {
    guard let code = state.findCode(id)?.code else { return false }
    return state.isOpen(app: code.appSlot, user: code.userSlot, position: code.position)
  }

  // MARK: Operations in short

  func registration(
    _ fields: ApplicationFields = Fixture.fields(), by person: Person, secret: String = "secret"
  ) -> Operation {
    .registerApp(
      RegisterApplication(
        person: person, fields: fields, clientID: newClientID(),
        secretDigest: Self.digest(secret)))
  }

  func update(
    _ clientID: [UInt8], by person: Person, revision: UInt32 = 0,
    _ change: (inout ApplicationFields) -> Void = { _ in }
  ) -> Operation {
    var fields = app(clientID)?.fields ?? Self.fields()
    change(&fields)
    return .updateApp(
      UpdateApplication(
        person: person, clientID: clientID, expectedRevision: revision, fields: fields))
  }

  func setting(_ name: String, _ value: String, by person: Person = Fixture.admin) -> Operation {
    .setSettings(person, [SettingChange(name: Array(name.utf8), value: Array(value.utf8))])
  }

  /// The audit trail, oldest first.
  var trail: [AuditRecord] {
    var records: [AuditRecord] = []
    var cursor: UInt64 = 0
    while case .audit(let page, let next) = commit(.audit(Page(cursor: cursor, maxBytes: 60_000))) {
      records += page
      if next == 0 { break }
      cursor = next
    }
    return records
  }
}
