extension ServiceState {
  /// REFRESH: rotation of both tokens (F31, G3; RFC 6749 6, RFC 9700 4.14.2).
  ///
  /// The current generation rotates; the access token that came with it ends in the same commit.
  /// Its immediate predecessor, shown again within the grace, gets the same successor once more: a
  /// reply may have been lost. The grace ends with the successor's first use, since then the
  /// predecessor is two behind. Any other older generation revokes the whole grant. A generation
  /// above the current one was never given out by this state; it is refused like an unknown token.
  func refresh(_ request: RefreshTokens, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard isUsable(keyID: request.token.keyID) else { return .stalePreparation }
    try requireProvider()
    let client = try authenticate(request.client, &plan)
    plan.audit = AuditSubject(event: .tokenRefreshed, clientID: client.app.clientID)
    try requireRefresh(client)
    let (slot, family, generation) = try presentedFamily(request.refreshToken, client)
    plan.audit?.user = userID(family.userSlot)
    try requireAlive(family, plan)
    switch standing(of: generation, in: family, plan) {
    case .current: break
    case .predecessor: return .token(try successorAgain(family, slot, request, &plan))
    case .reused: throw revoke(family, slot, &plan)
    case .unknown: throw Self.invalidRefreshToken
    }
    let scopes = try narrowedScopes(request.scope, family)
    try requireSameResource(request.resource, family)
    return .token(try rotate(family, slot, scopes, request, &plan))
  }

  // MARK: Steps

  private func requireRefresh(_ client: AuthenticatedClient) throws(Refusal) {
    try client.require(.refreshToken, "refresh_token")
    guard givesRefreshTokens(client.app) else {
      throw Refusal(
        .unauthorizedClient, field: "clientId",
        "public clients have no refresh tokens here; the setting public-client-refresh is off")
    }
  }

  /// Another client's token is told like an unknown one, and nothing happens to it.
  private func presentedFamily(
    _ presented: PresentedCredential, _ client: AuthenticatedClient
  ) throws(Refusal) -> (slot: UInt32, family: RefreshFamily, generation: UInt32) {
    guard case .authentic(let id, let keyID) = presented, isUsable(keyID: keyID),
      let (slot, family) = findFamily(id), isFamily(family, of: client)
    else { throw Self.invalidRefreshToken }
    return (slot, family, id.generation)
  }

  private func isFamily(_ family: RefreshFamily, of client: AuthenticatedClient) -> Bool {
    family.appSlot == client.slot
  }

  /// Neither revoked nor expired nor below a gate; its key and its person may still act.
  private func requireAlive(_ family: RefreshFamily, _ plan: Plan) throws(Refusal) {
    guard isAlive(family, nowMillis: plan.nowMillis), isUsable(keyID: family.keyID),
      !isUserDisabled(family.userSlot)
    else { throw Self.invalidRefreshToken }
  }

  // MARK: Which generation it is

  private enum Standing { case current, predecessor, reused, unknown }

  /// By the counter alone, never by time stamps: two rotations within one millisecond differ.
  private func standing(
    of generation: UInt32, in family: RefreshFamily, _ plan: Plan
  ) -> Standing {
    if generation == family.generation { return .current }
    if generation > family.generation { return .unknown }
    var isImmediate = generation + 1 == family.generation
    #if PLANTED
      if planted(.graceAcceptsOlderGenerations) { isImmediate = true }
    #endif
    return isImmediate && isWithinGrace(family, plan) ? .predecessor : .reused
  }

  private func isWithinGrace(_ family: RefreshFamily, _ plan: Plan) -> Bool {
    plan.nowMillis < family.rotatedAtMillis + UInt64(settings.refreshGraceSeconds) * 1_000
  }

  /// Stays although the request is refused.
  private func revoke(
    _ family: RefreshFamily, _ slot: UInt32, _ plan: inout Plan
  ) -> Refusal {
    plan.audit?.event = .refreshTokenReused
    #if PLANTED
      if planted(.reuseKeepsTheFamily) { return Self.invalidRefreshToken }
    #endif
    var revoked = family
    revoked.isRevoked = true
    plan.addAlways(.family(slot, revoked))
    plan.addAlways(.gateRaised(.grant(family.grantSlot), position: plan.position))
    return Self.invalidRefreshToken
  }

  // MARK: Narrowing

  /// The access token may have less than what was granted, never more; the family keeps it all.
  private func narrowedScopes(
    _ asked: [UInt8], _ family: RefreshFamily
  ) throws(Refusal) -> [UInt8] {
    let granted = scopeText(family.scopeSet)
    guard !asked.isEmpty else { return granted }
    let scopes = try scopes(asked)
    #if PLANTED
      if planted(.refreshWidensScopes) { return scopes.text }
    #endif
    guard let all = ScopeSet(granted), scopes.isSubset(of: all) else {
      throw Refusal(
        .invalidScope, field: "scope", "a refresh can only narrow the scopes that were granted")
    }
    return scopes.text
  }

  private func requireSameResource(
    _ resource: [UInt8], _ family: RefreshFamily
  ) throws(Refusal) {
    guard resource.isEmpty || resource == audienceText(family.audience) else {
      throw Refusal(
        .invalidTarget, field: "resource", "resource is not the one that was authorized")
    }
  }

  private static let invalidRefreshToken = Refusal(
    .invalidGrant, field: "refreshToken",
    "the refresh token is unknown, expired, revoked or not of this client; authorize again")
}

// MARK: - What it gives

extension ServiceState {
  private func rotate(
    _ family: RefreshFamily, _ slot: UInt32, _ scopes: [UInt8], _ request: RefreshTokens,
    _ plan: inout Plan
  ) throws(Refusal) -> IssuedToken {
    guard family.generation < .max, var grant = grants[family.grantSlot] else {
      throw Self.invalidRefreshToken
    }
    endAccessToken(family.accessID, &plan)
    let lifetime = settings.accessTokenLifetimeSeconds
    var next = family
    next.generation += 1
    next.keyID = request.token.keyID
    next.rotatedAtMillis = plan.nowMillis
    next.idleExpirySeconds = plan.expirySeconds(after: settings.refreshIdleSeconds)
    next.accessID = request.token.id
    next.accessKeyID = request.token.keyID
    next.accessScopeSet = try plan.scopeSet(scopes, self)
    next.accessExpirySeconds = plan.expirySeconds(after: lifetime)
    plan.add(.family(slot, next))
    grant.lastIssuedAtMillis = plan.nowMillis
    grant.expiresAtSeconds = max(
      grant.expiresAtSeconds, next.expiresAtSeconds, next.accessExpirySeconds)
    plan.add(.grant(family.grantSlot, grant))
    plan.add(
      .tokenIssued(
        try plan.takeTokenSlot(self),
        TokenRecord(
          kind: TokenRecord.accessTokenKind, keyID: request.token.keyID,
          expirySeconds: next.accessExpirySeconds, id: request.token.id,
          digest: request.token.digest, position: plan.position,
          scopeSet: next.accessScopeSet, audience: family.audience, grant: family.grantSlot,
          app: family.appSlot, user: family.userSlot)))
    return issued(next, grant, scopes, plan)
  }

  /// The predecessor's access token; it may be gone already.
  private func endAccessToken(_ id: TokenID, _ plan: inout Plan) {
    #if PLANTED
      if planted(.rotationKeepsTheOldAccessToken) { return }
    #endif
    guard let (slot, _) = findToken(id), tokens.isLive(slot) else { return }
    plan.add(.tokenRevoked(slot))
  }

  /// The same successor, to be signed with the keys it was signed with.
  private func successorAgain(
    _ family: RefreshFamily, _ slot: UInt32, _ request: RefreshTokens, _ plan: inout Plan
  ) throws(Refusal) -> IssuedToken {
    try requireSameResource(request.resource, family)
    guard isUsable(keyID: family.accessKeyID), let grant = grants[family.grantSlot] else {
      throw Self.invalidRefreshToken
    }
    return issued(family, grant, scopeText(family.accessScopeSet), plan)
  }

  private func issued(
    _ family: RefreshFamily, _ grant: Grant, _ scopes: [UInt8], _ plan: Plan
  ) -> IssuedToken {
    let expiry = family.accessExpirySeconds
    return IssuedToken(
      id: family.accessID, keyID: family.accessKeyID, expiresAtMillis: UInt64(expiry) * 1_000,
      expiresInSeconds: expiry > plan.nowSeconds ? expiry - plan.nowSeconds : 0,
      refreshID: family.id.with(generation: family.generation), refreshKeyID: family.keyID,
      refreshExpiresAtMillis: UInt64(family.expiresAtSeconds) * 1_000, scope: scopes,
      audience: audienceText(family.audience), grantID: grant.id)
  }
}
