extension ServiceState {
  /// EXCHANGE: a code for tokens (F31, F32, F40, F45, G2; RFC 6749 4.1.3, RFC 7636 4.6, RFC 8707).
  ///
  /// After the client has authenticated itself, a fresh code shown with anything it was not given
  /// for is burnt. A redeemed code shown again by its own client revokes what it produced.
  func exchange(_ request: ExchangeCode, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard isUsable(keyID: request.token.keyID) else { return .stalePreparation }
    try requireProvider()
    let client = try authenticate(request.client, &plan)
    plan.audit = AuditSubject(event: .codeExchanged, clientID: client.app.clientID)
    try client.require(.authorizationCode, "authorization_code")
    let (slot, code) = try presentedCode(request.code)
    try requireOwn(code, slot, client, &plan)
    plan.audit?.user = userID(code.userSlot)
    try requireNotRedeemed(code, &plan)
    try requireFresh(code, plan)
    try requireBinding(code, slot, request, client, &plan)
    return .token(try redeem(code, slot, request, client, &plan))
  }

  // MARK: Steps

  /// Unknown, damaged and reclaimed codes are told the same.
  private func presentedCode(
    _ presented: PresentedCredential
  ) throws(Refusal) -> (slot: UInt32, code: AuthorizationCode) {
    guard case .authentic(let id, let keyID) = presented, let found = findCode(id),
      found.code.keyID == keyID, isUsable(keyID: keyID)
    else { throw Self.invalidCode }
    return found
  }

  /// A fresh code in the hands of another client was stolen: it is good for nobody any more. A
  /// redeemed one stays as it is, or that client could revoke what is not its own.
  private func requireOwn(
    _ code: AuthorizationCode, _ slot: UInt32, _ client: AuthenticatedClient, _ plan: inout Plan
  ) throws(Refusal) {
    guard !isCode(code, of: client) else { return }
    if code.state == .fresh { burn(code, slot, &plan) }
    throw Self.invalidCode
  }

  private func isCode(_ code: AuthorizationCode, of client: AuthenticatedClient) -> Bool {
    #if PLANTED
      if planted(.codeNotBoundToClient) { return true }
    #endif
    return code.appSlot == client.slot
  }

  /// RFC 6749 4.1.2: shown twice, a code may have been stolen, and so may its tokens.
  private func requireNotRedeemed(
    _ code: AuthorizationCode, _ plan: inout Plan
  ) throws(Refusal) {
    guard code.state == .redeemed else { return }
    #if PLANTED
      if planted(.replayRevokesNothing) { throw Self.invalidCode }
    #endif
    plan.audit?.event = .codeReplayed
    if let grant = grants[code.producedGrantSlot], grant.id == code.producedGrantID,
      isAlive(grant, slot: code.producedGrantSlot, nowMillis: plan.nowMillis)
    {
      plan.addAlways(.gateRaised(.grant(code.producedGrantSlot), position: plan.position))
    }
    throw Self.invalidCode
  }

  /// Neither burnt nor expired nor below a gate, and the person may still act (F38).
  private func requireFresh(_ code: AuthorizationCode, _ plan: Plan) throws(Refusal) {
    guard code.state == .fresh, code.expiresAtMillis > plan.nowMillis,
      isStanding(code)
    else { throw Self.invalidCode }
  }

  private func isStanding(_ code: AuthorizationCode) -> Bool {
    #if PLANTED
      if planted(.stateNotCheckedAgain) { return true }
    #endif
    return isOpen(app: code.appSlot, user: code.userSlot, position: code.position)
      && !isUserDisabled(code.userSlot)
  }

  private func requireBinding(
    _ code: AuthorizationCode, _ slot: UInt32, _ request: ExchangeCode,
    _ client: AuthenticatedClient, _ plan: inout Plan
  ) throws(Refusal) {
    guard isSameRedirect(code, request) else {
      burn(code, slot, &plan)
      throw Refusal(
        .invalidGrant, field: "redirectUri",
        "redirect_uri is not the one of the authorization; the code is void now")
    }
    guard isSameParty(code, request, client) else {
      burn(code, slot, &plan)
      throw Refusal(
        .invalidGrant, field: "codeVerifier",
        "code_verifier does not belong to this code; the code is void now")
    }
    guard isSameResource(code, request) else {
      burn(code, slot, &plan)
      throw Refusal(
        .invalidTarget, field: "resource",
        "resource is not the one of the authorization; the code is void now")
    }
  }

  private func isSameRedirect(_ code: AuthorizationCode, _ request: ExchangeCode) -> Bool {
    #if PLANTED
      if planted(.redirectNotBoundToCode) { return true }
    #endif
    return request.redirectURI == code.redirectURI
  }

  /// PKCE (RFC 7636 4.6). A verifier where no challenge was stored is a downgrade, and refused as
  /// well (RFC 9700 4.8.2).
  private func isSameParty(
    _ code: AuthorizationCode, _ request: ExchangeCode, _ client: AuthenticatedClient
  ) -> Bool {
    if code.codeChallenge.isEmpty {
      #if PLANTED
        if planted(.pkceDowngradeAccepted) { return true }
      #endif
      return request.codeVerifier.isEmpty && !client.app.fields.isPublic
    }
    #if PLANTED
      if planted(.verifierIgnored) { return true }
    #endif
    return CodeChallenge.isWellFormedVerifier(request.codeVerifier)
      && request.verifierChallenge == code.codeChallenge
  }

  /// F45: may be left out, may not differ.
  private func isSameResource(_ code: AuthorizationCode, _ request: ExchangeCode) -> Bool {
    request.resource.isEmpty || request.resource == audienceText(code.audience)
  }

  /// Stays when the exchange is refused.
  private func burn(_ code: AuthorizationCode, _ slot: UInt32, _ plan: inout Plan) {
    #if PLANTED
      if planted(.misusedCodeStaysGood) { return }
    #endif
    var burnt = code
    burnt.state = .burnt
    plan.addAlways(.code(slot, burnt))
  }

  /// One commit: the code is redeemed and its grant made, or neither (G2, G4).
  private func redeem(
    _ code: AuthorizationCode, _ slot: UInt32, _ request: ExchangeCode,
    _ client: AuthenticatedClient, _ plan: inout Plan
  ) throws(Refusal) -> IssuedToken {
    makeRoom(forGrants: 1, ofUser: code.userSlot, &plan)
    let grant = NewGrant(
      id: request.grantID, appSlot: client.slot, userSlot: code.userSlot,
      scopes: scopeText(code.scopeSet), audience: audienceText(code.audience),
      lifetimeSeconds: settings.accessTokenLifetimeSeconds,
      familyID: givesRefreshTokens(client.app) ? request.familyID : nil,
      refreshKeyID: request.token.keyID)
    let (place, issued) = try self.plan(grant, [request.token], &plan)
    var redeemed = code
    redeemed.state = .redeemed
    #if PLANTED
      if planted(.codeRedeemedTwice) { redeemed.state = .fresh }
    #endif
    redeemed.producedGrantSlot = place.slot
    redeemed.producedGrantID = request.grantID
    plan.add(.code(slot, redeemed))
    return issued[0]
  }

  private static let invalidCode = Refusal(
    .invalidGrant, field: "code",
    "the code is unknown, expired, used before or not of this client; authorize again")
}

extension ServiceState {
  func isUserDisabled(_ userSlot: UInt32) -> Bool { users[userSlot]?.isDisabled ?? false }
}
