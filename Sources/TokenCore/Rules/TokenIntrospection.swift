extension ServiceState {
  /// INTROSPECT, for local callers: they are told why a token is not active. A dead token is told
  /// dead whether the provider is on or not, as VALIDATE does it.
  func introspect(_ subject: IntrospectionSubject, _ plan: Plan) -> Outcome {
    var introspection = judged(subject, plan)
    if introspection.reason == .active && !settings.isProviderEnabled {
      introspection = Introspection(
        reason: .providerOff, isRefreshToken: introspection.isRefreshToken)
    }
    return .introspection(introspection)
  }

  /// CLIENT_INTROSPECT (RFC 7662): active for the client's own tokens, and for access tokens with
  /// one of its audiences where it is a resource server. Everything else is inactive, with no
  /// reason and nothing told.
  func clientIntrospect(
    _ credential: ClientCredential, _ subject: IntrospectionSubject, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    try requireProvider()
    let client = try authenticate(credential, &plan)
    guard !client.app.fields.isPublic else {
      throw Refusal(
        .unauthorizedClient, field: "clientId",
        "a public client cannot prove who it is, so it cannot introspect tokens")
    }
    let introspection = judged(subject, plan)
    guard introspection.reason == .active, mayKnow(introspection, client.app) else {
      return .introspection(Introspection(reason: .undisclosed))
    }
    return .introspection(introspection)
  }

  // MARK: Steps

  private func mayKnow(_ introspection: Introspection, _ app: ClientApplication) -> Bool {
    if introspection.clientID == app.clientID { return true }
    #if PLANTED
      if planted(.clientSeesForeignTokens) { return true }
    #endif
    return !introspection.isRefreshToken && !introspection.audience.isEmpty
      && app.fields.audiences.contains(introspection.audience)
  }

  private func judged(_ subject: IntrospectionSubject, _ plan: Plan) -> Introspection {
    switch subject {
    case .malformed: Introspection(reason: .malformed)
    case .forged: Introspection(reason: .forged)
    case .accessToken(let id, let keyID): access(id, keyID: keyID, plan)
    case .refreshToken(let id, let keyID): refresh(id, keyID: keyID, plan)
    }
  }

  /// Of a dead token nothing is told but the reason: its slots may have new owners.
  private func access(_ id: TokenID, keyID: UInt8, _ plan: Plan) -> Introspection {
    guard let (_, record) = findToken(id), record.keyID == keyID else {
      return Introspection(reason: .unknown)
    }
    if record.isRevoked || gates.isDead(record) || !isUsable(keyID: keyID) {
      return Introspection(reason: .revoked)
    }
    guard record.expirySeconds > plan.nowSeconds, let grant = grants[record.grant] else {
      return Introspection(reason: .expired)
    }
    return Introspection(
      reason: .active, user: userID(record.user), clientID: clientIDOfApp(record.app),
      scope: scopeText(record.scopeSet), audience: audienceText(record.audience),
      expiresAtMillis: UInt64(record.expirySeconds) * 1_000,
      // A rotation ends the access token before it, so a live one came with the last issue.
      issuedAtMillis: grant.lastIssuedAtMillis, accessID: id, grantID: grant.id)
  }

  private func refresh(_ id: TokenID, keyID: UInt8, _ plan: Plan) -> Introspection {
    guard let (_, family) = findFamily(id), id.generation <= family.generation,
      let grant = grants[family.grantSlot]
    else { return Introspection(reason: .unknown, isRefreshToken: true) }
    if UInt64(family.expiresAtSeconds) <= plan.nowMillis / 1_000 && !isRevoked(family) {
      return Introspection(reason: .expired, isRefreshToken: true)
    }
    guard id.generation == family.generation, family.keyID == keyID, isUsable(keyID: keyID),
      !isRevoked(family)
    else { return Introspection(reason: .revoked, isRefreshToken: true) }
    return Introspection(
      reason: .active, isRefreshToken: true, user: userID(family.userSlot),
      clientID: clientIDOfApp(family.appSlot), scope: scopeText(family.scopeSet),
      audience: audienceText(family.audience),
      expiresAtMillis: UInt64(family.expiresAtSeconds) * 1_000,
      issuedAtMillis: family.rotatedAtMillis, grantID: grant.id)
  }

  private func isRevoked(_ family: RefreshFamily) -> Bool {
    family.isRevoked
      || !isOpen(
        grant: family.grantSlot, app: family.appSlot, user: family.userSlot,
        position: family.position)
  }
}
