extension ServiceState {
  /// AUTHORIZE (F14-F20; RFC 6749 4.1.1, 4.2.1). Answers a redirect, a question for the person, or
  /// an error page. Until the redirect URI is known to be the application's own, nothing is sent
  /// to it.
  func authorize(_ request: Authorize, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard isUsable(keyID: request.prepared.keyID) else { return .stalePreparation }
    try requireProvider()
    try requireNamedPerson(request.person)
    let slot: UInt32
    let app: ClientApplication
    do throws(Refusal) {
      (slot, app) = try requireApp(request.clientID, or: .invalidClient)
      try requireRegistered(request.redirectURI, app)
      try requireShortState(request.state)
    } catch {
      return .authorization(.errorPage(error))
    }
    let checkedRequest: AuthorizationRequest
    do throws(Refusal) {
      checkedRequest = try checked(request, app)
    } catch {
      return .authorization(.redirect(errorRedirect(error, request)))
    }
    let ticket = ticket(request, checkedRequest, app, plan)
    let remembered = rememberedScopes(request, slot)
    guard mayPass(checkedRequest, request.redirectURI, app, remembered: remembered) else {
      return .authorization(
        .consentNeeded(
          ConsentQuestion(
            ticket: ticket, app: describe(app), scopes: checkedRequest.scopes.text,
            newScopes: checkedRequest.scopes.subtracting(remembered).text)))
    }
    plan.audit = AuditSubject(
      event: .authorized, actor: request.person.user, user: request.person.user,
      clientID: app.clientID)
    let userSlot = try plan.userSlot(request.person.user, self)
    return .authorization(
      .redirect(try grantAuthorization(ticket, request.prepared, slot, userSlot, &plan)))
  }

  /// Everything an Allow will need; also what a passed request is answered from.
  private func ticket(
    _ request: Authorize, _ checked: AuthorizationRequest, _ app: ClientApplication, _ plan: Plan
  ) -> ConsentTicket {
    ConsentTicket(
      id: request.prepared.ticketID,
      expiresAtMillis: plan.nowMillis + Limits.consentTicketMillis, appRevision: app.revision,
      user: request.person.user, clientID: app.clientID, responseType: request.responseType,
      redirectURI: request.redirectURI, scope: checked.scopes.text, state: request.state,
      codeChallenge: request.codeChallenge, resource: request.resource)
  }

  private func rememberedScopes(_ request: Authorize, _ appSlot: UInt32) -> ScopeSet {
    guard let user = findUser(request.person.user),
      let found = findConsent(
        userSlot: user.slot, appSlot: appSlot, redirectURI: request.redirectURI)
    else { return .none }
    return ScopeSet(scopeText(found.consent.scopeSet)) ?? .none
  }

  // MARK: Whether the page can be skipped

  /// F17, F19: trust, or a remembered Allow for all of these scopes and this redirect URI. Whoever
  /// could be anybody (a public client without an https callback) is asked for every time.
  private func mayPass(
    _ request: AuthorizationRequest, _ redirectURI: [UInt8], _ app: ClientApplication,
    remembered: ScopeSet
  ) -> Bool {
    isProvable(redirectURI, app)
      && (app.fields.isTrusted || isRemembered(request.scopes, remembered))
  }

  func isProvable(_ redirectURI: [UInt8], _ app: ClientApplication) -> Bool {
    #if PLANTED
      if planted(.anybodyPassesAsATrustedPublicClient) { return true }
    #endif
    return !app.fields.isPublic || redirectURI.starts(with: Array("https://".utf8))
  }

  /// A widened request is asked for again (G8).
  private func isRemembered(_ asked: ScopeSet, _ remembered: ScopeSet) -> Bool {
    #if PLANTED
      if planted(.widerScopesPassUnasked) { return !remembered.isEmpty }
    #endif
    return !remembered.isEmpty && asked.isSubset(of: remembered)
  }

  // MARK: Errors that the client is told

  private func errorRedirect(_ refusal: Refusal, _ request: Authorize) -> Redirect {
    Redirect(
      uri: request.redirectURI, state: request.state, issuer: settings.issuer,
      answer: .error(
        Self.errorCode(refusal.reason), description: refusal.message,
        inFragment: ResponseType(request.responseType)?.isInFragment ?? false))
  }

  /// RFC 6749 4.1.2.1, RFC 8707 2.
  private static func errorCode(_ reason: Refusal.Reason) -> String {
    switch reason {
    case .unauthorizedClient: "unauthorized_client"
    case .unsupportedResponseType: "unsupported_response_type"
    case .invalidScope: "invalid_scope"
    case .invalidTarget: "invalid_target"
    default: "invalid_request"
    }
  }
}

// MARK: - What an authorization gives

extension ServiceState {
  /// A code, or for `response_type=token` an access token, bound to everything in the ticket.
  func grantAuthorization(
    _ ticket: ConsentTicket, _ prepared: PreparedAuthorization, _ appSlot: UInt32,
    _ userSlot: UInt32, _ plan: inout Plan
  ) throws(Refusal) -> Redirect {
    plan.textOwner = appSlot
    let answer: Redirect.Answer
    if ResponseType(ticket.responseType) == .token {
      answer = .token(try implicitToken(ticket, prepared, appSlot, userSlot, &plan))
    } else {
      try addCode(ticket, prepared, appSlot, userSlot, &plan)
      answer = .code(prepared.codeID, keyID: prepared.keyID)
    }
    return Redirect(
      uri: ticket.redirectURI, state: ticket.state, issuer: settings.issuer, answer: answer)
  }

  private func addCode(
    _ ticket: ConsentTicket, _ prepared: PreparedAuthorization, _ appSlot: UInt32,
    _ userSlot: UInt32, _ plan: inout Plan
  ) throws(Refusal) {
    plan.add(
      .code(
        try plan.takeCodeSlot(self),
        AuthorizationCode(
          id: prepared.codeID, keyID: prepared.keyID, appSlot: appSlot, userSlot: userSlot,
          scopeSet: try plan.scopeSet(ticket.scope, self),
          audience: try plan.audience(ticket.resource, self), position: plan.position,
          createdAtMillis: plan.nowMillis,
          expiresAtMillis: plan.nowMillis + UInt64(settings.codeLifetimeSeconds) * 1_000,
          codeChallenge: ticket.codeChallenge, redirectURI: ticket.redirectURI)))
  }

  /// F35: a token, and no refresh token.
  private func implicitToken(
    _ ticket: ConsentTicket, _ prepared: PreparedAuthorization, _ appSlot: UInt32,
    _ userSlot: UInt32, _ plan: inout Plan
  ) throws(Refusal) -> IssuedToken {
    makeRoom(forGrants: 1, ofUser: userSlot, &plan)
    let grant = NewGrant(
      id: prepared.grantID, appSlot: appSlot, userSlot: userSlot, scopes: ticket.scope,
      audience: ticket.resource, lifetimeSeconds: settings.accessTokenLifetimeSeconds,
      familyID: nil, refreshKeyID: 0)
    return try self.plan(grant, [prepared.token], &plan).issued[0]
  }
}
