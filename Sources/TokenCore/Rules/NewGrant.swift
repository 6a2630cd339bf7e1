/// A grant about to be made, with its first access token and, if it has one, its refresh family.
struct NewGrant {
  var id: TokenID
  var appSlot: UInt32
  /// 0 = the client's own.
  var userSlot: UInt32
  var scopes: [UInt8]
  var audience: [UInt8]
  var lifetimeSeconds: UInt32
  /// nil = no refresh token.
  var familyID: TokenID?
  /// The key that signs the refresh token.
  var refreshKeyID: UInt8
}

/// The same with its place in the tables.
struct PlacedGrant {
  let slot: UInt32
  let scopeSet: UInt16
  let audience: UInt16
  let familySlot: UInt32
}

extension Plan {
  /// When something that lives for `lifetimeSeconds` from now on ends, in Unix seconds.
  func expirySeconds(after lifetimeSeconds: UInt32) -> UInt32 {
    let (sum, overflow) = nowSeconds.addingReportingOverflow(lifetimeSeconds)
    return overflow ? .max : sum
  }

  /// When something issued now ends, as clients are told: whole seconds.
  func expiresAtMillis(after lifetimeSeconds: UInt32) -> UInt64 {
    UInt64(expirySeconds(after: lifetimeSeconds)) * 1_000
  }
}

extension ServiceState {
  /// Plans a grant with its tokens, one `IssuedToken` for each of `tokens`. Room among the person's
  /// grants must have been made before (`makeRoom`).
  func plan(
    _ grant: NewGrant, _ tokens: [PreparedToken], _ plan: inout Plan
  ) throws(Refusal) -> (place: PlacedGrant, issued: [IssuedToken]) {
    let place = PlacedGrant(
      slot: try plan.takeGrantSlot(self), scopeSet: try plan.scopeSet(grant.scopes, self),
      audience: try plan.audience(grant.audience, self),
      familySlot: grant.familyID == nil ? 0 : try plan.takeFamilySlot(self))
    add(grant, place, &plan)
    if let first = tokens.first { add(familyOf: grant, place, first, &plan) }
    var issued: [IssuedToken] = []
    issued.reserveCapacity(tokens.count)
    let template = issuedToken(grant, plan)
    for token in tokens {
      try addToken(token, grant, place, &plan)
      var one = template
      one.id = token.id
      one.keyID = token.keyID
      issued.append(one)
    }
    return (place, issued)
  }

  private func add(_ grant: NewGrant, _ place: PlacedGrant, _ plan: inout Plan) {
    let accessExpiry = plan.expirySeconds(after: grant.lifetimeSeconds)
    let refreshExpiry =
      grant.familyID == nil
      ? 0
      : min(
        plan.expirySeconds(after: settings.refreshIdleSeconds),
        plan.expirySeconds(after: settings.refreshAbsoluteSeconds))
    plan.add(
      .grant(
        place.slot,
        Grant(
          id: grant.id, appSlot: grant.appSlot, userSlot: grant.userSlot,
          scopeSet: place.scopeSet, audience: place.audience, familySlot: place.familySlot,
          position: plan.position, createdAtMillis: plan.nowMillis,
          expiresAtSeconds: max(accessExpiry, refreshExpiry))))
  }

  private func add(
    familyOf grant: NewGrant, _ place: PlacedGrant, _ token: PreparedToken, _ plan: inout Plan
  ) {
    guard let familyID = grant.familyID else { return }
    var family = RefreshFamily(
      id: familyID, keyID: grant.refreshKeyID, grantSlot: place.slot, appSlot: grant.appSlot,
      userSlot: grant.userSlot, scopeSet: place.scopeSet, audience: place.audience,
      position: plan.position, createdAtMillis: plan.nowMillis,
      absoluteExpirySeconds: plan.expirySeconds(after: settings.refreshAbsoluteSeconds),
      idleExpirySeconds: plan.expirySeconds(after: settings.refreshIdleSeconds))
    family.accessID = token.id
    family.accessKeyID = token.keyID
    family.accessScopeSet = place.scopeSet
    family.accessExpirySeconds = plan.expirySeconds(after: grant.lifetimeSeconds)
    plan.add(.family(place.familySlot, family))
  }

  private func addToken(
    _ token: PreparedToken, _ grant: NewGrant, _ place: PlacedGrant, _ plan: inout Plan
  ) throws(Refusal) {
    plan.add(
      .tokenIssued(
        try plan.takeTokenSlot(self),
        TokenRecord(
          kind: TokenRecord.accessTokenKind, keyID: token.keyID,
          expirySeconds: plan.expirySeconds(after: grant.lifetimeSeconds), id: token.id,
          digest: token.digest, position: plan.position, scopeSet: place.scopeSet,
          audience: place.audience, grant: place.slot, app: grant.appSlot,
          user: grant.userSlot)))
  }

  private func issuedToken(_ grant: NewGrant, _ plan: Plan) -> IssuedToken {
    IssuedToken(
      id: .none, keyID: 0, expiresAtMillis: plan.expiresAtMillis(after: grant.lifetimeSeconds),
      expiresInSeconds: grant.lifetimeSeconds, refreshID: grant.familyID?.with(generation: 0),
      refreshKeyID: grant.refreshKeyID,
      refreshExpiresAtMillis: grant.familyID == nil
        ? 0 : plan.expiresAtMillis(after: UInt32(truncatingIfNeeded: refreshLifetime)),
      scope: grant.scopes, audience: grant.audience, grantID: grant.id)
  }

  /// Whether the application's grants come with a refresh token (F31, F41).
  func givesRefreshTokens(_ app: ClientApplication) -> Bool {
    app.fields.grantTypes.contains(.refreshToken)
      && (!app.fields.isPublic || settings.issuesRefreshTokensToPublicClients)
  }
}

extension TokenRecord {
  /// The kind of every token that validates.
  static let accessTokenKind: UInt8 = 1
}
