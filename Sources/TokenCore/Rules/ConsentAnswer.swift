// ALLOW and DENY: what a person answered to the question that a ticket stands for (F17, F18).

extension ServiceState {
  /// Remembers what was allowed and gives the client what it asked for.
  func allow(_ answer: AnswerConsent, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard isUsable(keyID: answer.prepared.keyID) else { return .stalePreparation }
    try requireProvider()
    let (ticket, slot, app) = try take(answer, as: .authorized, &plan)
    if let type = ResponseType(ticket.responseType) { try requireAllowed(type, app) }
    let userSlot = try plan.userSlot(ticket.user, self)
    if isProvable(ticket.redirectURI, app) { try remember(ticket, slot, userSlot, &plan) }
    return .redirect(try grantAuthorization(ticket, answer.prepared, slot, userSlot, &plan))
  }

  /// Sends the client away and remembers nothing but that the ticket was answered. Refusing needs
  /// no provider.
  func deny(_ answer: AnswerConsent, _ plan: inout Plan) throws(Refusal) -> Outcome {
    let (ticket, slot, _) = try take(answer, as: .denied, &plan)
    #if PLANTED
      if planted(.denyIsRemembered) { try rememberDenial(ticket, slot, &plan) }
    #endif
    let type = ResponseType(ticket.responseType) ?? .code
    return .redirect(
      Redirect(
        uri: ticket.redirectURI, state: ticket.state, issuer: settings.issuer,
        answer: .denied(inFragment: type.isInFragment)))
  }

  // MARK: Steps

  /// What both answers begin with: the ticket is this person's and good, and is used up.
  private func take(
    _ answer: AnswerConsent, as event: AuditRecord.Event, _ plan: inout Plan
  ) throws(Refusal) -> (ticket: ConsentTicket, appSlot: UInt32, app: ClientApplication) {
    try requireNamedPerson(answer.person)
    let ticket = try openTicket(answer, plan)
    plan.audit = AuditSubject(
      event: event, actor: ticket.user, user: ticket.user, clientID: ticket.clientID)
    let (slot, app) = try requireUnchangedApp(ticket)
    try markUsed(ticket, &plan)
    return (ticket, slot, app)
  }

  /// A ticket whose seal holds, and that was given to this person.
  func requireTicket(_ answer: AnswerConsent) throws(Refusal) -> ConsentTicket {
    guard let ticket = answer.ticket else {
      throw Self.invalidTicket("the consent ticket is damaged or was not made by this service")
    }
    guard isTicketOf(answer.person, ticket) else {
      throw Self.invalidTicket("the consent ticket belongs to another person")
    }
    return ticket
  }

  /// A ticket whose seal holds, that was given to this person, in time and not answered yet.
  private func openTicket(
    _ answer: AnswerConsent, _ plan: Plan
  ) throws(Refusal) -> ConsentTicket {
    let ticket = try requireTicket(answer)
    guard ticket.expiresAtMillis > plan.nowMillis else {
      throw Self.invalidTicket("the consent ticket has expired; start the authorization again")
    }
    guard !isTicketUsed(ticket.id) else {
      throw Self.invalidTicket("the consent ticket was answered before")
    }
    return ticket
  }

  private func isTicketOf(_ person: Person, _ ticket: ConsentTicket) -> Bool {
    #if PLANTED
      if planted(.ticketOfAnybody) { return true }
    #endif
    return person.user == ticket.user
  }

  /// What the person saw is what is allowed: the application as it was, and still that callback.
  private func requireUnchangedApp(
    _ ticket: ConsentTicket
  ) throws(Refusal) -> (slot: UInt32, app: ClientApplication) {
    guard let found = findApp(ticket.clientID) else {
      throw Self.invalidTicket("the application was deleted meanwhile")
    }
    guard found.app.revision == ticket.appRevision, isRegistered(ticket.redirectURI, found.app)
    else {
      throw Self.invalidTicket(
        "the application was changed meanwhile; start the authorization again")
    }
    return found
  }

  private func markUsed(_ ticket: ConsentTicket, _ plan: inout Plan) throws(Refusal) {
    #if PLANTED
      if planted(.ticketAnsweredTwice) { return }
    #endif
    plan.add(
      .ticketUsed(
        try plan.takeTicketSlot(self),
        UsedTicket(id: ticket.id, expiresAtMillis: ticket.expiresAtMillis)))
  }

  /// What was allowed before stays allowed: the union, unless that is more than a set may hold.
  /// Called only where the memory can ever be of use: a public client on a loopback port of its
  /// own is asked each time, so its Allows, one for each port, would pile up for nothing.
  func remember(
    _ ticket: ConsentTicket, _ appSlot: UInt32, _ userSlot: UInt32, _ plan: inout Plan
  ) throws(Refusal) {
    plan.textOwner = appSlot
    let allowed = ScopeSet(ticket.scope) ?? .none
    guard
      let (slot, old) = findConsent(
        userSlot: userSlot, appSlot: appSlot, redirectURI: ticket.redirectURI)
    else {
      forgetOldestConsent(ofUser: userSlot, &plan)
      plan.add(
        .consent(
          try plan.takeConsentSlot(self),
          Consent(
            userSlot: userSlot, appSlot: appSlot,
            scopeSet: try plan.scopeSet(allowed.text, self), redirectURI: ticket.redirectURI,
            firstAllowedAtMillis: plan.nowMillis)))
      return
    }
    let remembered = ScopeSet(scopeText(old.scopeSet)) ?? .none
    guard !allowed.isSubset(of: remembered) else { return }
    var consent = old
    consent.scopeSet = try plan.scopeSet((remembered.union(allowed) ?? allowed).text, self)
    plan.add(.consent(slot, consent))
  }

  /// A person has so many remembered Allows; the oldest goes, and is asked for again.
  private func forgetOldestConsent(ofUser userSlot: UInt32, _ plan: inout Plan) {
    let slots = consentSlots(ofUser: userSlot)
    guard slots.count >= Limits.consentsPerUser else { return }
    let known = slots.compactMap { slot in
      consents[slot].map { (slot: slot, atMillis: $0.firstAllowedAtMillis) }
    }
    guard let oldest = known.min(by: { ($0.atMillis, $0.slot) < ($1.atMillis, $1.slot) })
    else { return }
    plan.add(.consentFreed(oldest.slot))
  }

  private static func invalidTicket(_ message: String) -> Refusal {
    Refusal(.ticketInvalid, field: "ticket", message)
  }
}
