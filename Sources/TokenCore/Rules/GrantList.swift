// GRANT_LIST, GRANT_GET, GRANT_REVOKE: a person's own grants; an administrator's view of all.

extension ServiceState {
  /// Live grants in the order of their slots; the cursor is the last slot looked at. A page
  /// looks at `Limits.listScanSlots` slots at most, so it may be empty and go on.
  func listGrants(
    _ person: Person, user: [UInt8], clientID: [UInt8], _ page: Page, _ plan: Plan
  ) throws(Refusal) -> Outcome {
    try requirePerson(person)
    let user = try visibleUser(person, user)
    let appSlot = clientID.isEmpty ? 0 : findApp(clientID)?.slot
    let scan = user.isEmpty ? scanOfAll(page) : scanOfUser(user, page)
    guard let appSlot else { return .grants([], next: 0) }
    var budget = PageBudget(page)
    var described: [GrantDescription] = []
    var last = page.cursor
    for slot in scan.slots {
      if let grant = grants[slot], appSlot == 0 || grant.appSlot == appSlot,
        isAlive(grant, slot: slot, nowMillis: plan.nowMillis)
      {
        let description = describe(grant)
        guard budget.take(description.byteCount) else { return .grants(described, next: last) }
        described.append(description)
      }
      last = UInt64(slot)
    }
    return .grants(described, next: scan.next)
  }

  func getGrant(
    _ person: Person, _ reference: GrantReference, _ plan: Plan
  ) throws(Refusal) -> Outcome {
    try requirePerson(person)
    return .grant(describe(try visibleGrant(person, reference, plan).grant))
  }

  /// Ends a grant with everything it gave. Works with the provider switched off.
  func revokeGrant(
    _ person: Person, _ reference: GrantReference, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    try requirePerson(person)
    let (slot, grant) = try visibleGrant(person, reference, plan)
    plan.audit = AuditSubject(
      event: .grantRevoked, actor: person.user, user: userID(grant.userSlot),
      clientID: clientIDOfApp(grant.appSlot))
    plan.add(.gateRaised(.grant(slot), position: plan.position))
    return .done
  }

  // MARK: Who may see what

  /// Whose things are asked for: empty = everybody's, for administrators only.
  private func visibleUser(_ person: Person, _ asked: [UInt8]) throws(Refusal) -> [UInt8] {
    if !asked.isEmpty { try requireUserID(asked, field: "user") }
    guard !person.administers else { return asked }
    try requireSelf(person, asked)
    return person.user
  }

  func requireSelf(_ person: Person, _ asked: [UInt8]) throws(Refusal) {
    guard asked.isEmpty || asked == person.user else {
      throw Refusal(
        .forbidden, field: "user", "only a system administrator may name another user here")
    }
  }

  /// Another person's grant is told like an unknown one, whichever name it is asked for by.
  private func visibleGrant(
    _ person: Person, _ reference: GrantReference, _ plan: Plan
  ) throws(Refusal) -> (slot: UInt32, grant: Grant) {
    guard let (slot, grant) = referenced(reference),
      isAlive(grant, slot: slot, nowMillis: plan.nowMillis), isVisible(grant, to: person)
    else {
      throw Refusal(.notFound, field: "reference", "there is no such live grant")
    }
    return (slot, grant)
  }

  private func isVisible(_ grant: Grant, to person: Person) -> Bool {
    person.administers || (grant.userSlot != 0 && userID(grant.userSlot) == person.user)
  }

  private func referenced(_ reference: GrantReference) -> (slot: UInt32, grant: Grant)? {
    switch reference {
    case .grant(let id): return findGrant(id)
    case .accessToken(let id):
      // While no gate is above the token, its grant's slot has no new owner.
      guard let (_, record) = findToken(id), !gates.isDead(record),
        let grant = grants[record.grant]
      else { return nil }
      return (record.grant, grant)
    case .foreign: return nil
    }
  }

  // MARK: Where a page looks

  private func scanOfUser(_ user: [UInt8], _ page: Page) -> (slots: [UInt32], next: UInt64) {
    guard let found = findUser(user) else { return ([], 0) }
    let slots = grantSlots(ofUser: found.slot).filter { UInt64($0) > page.cursor }.sorted()
    guard slots.count > Limits.listScanSlots else { return (slots, 0) }
    let looked = Array(slots.prefix(Limits.listScanSlots))
    return (looked, looked.last.map(UInt64.init) ?? 0)
  }

  private func scanOfAll(_ page: Page) -> (slots: [UInt32], next: UInt64) {
    guard page.cursor < UInt64(grants.highWater) else { return ([], 0) }
    let first = Int(page.cursor) + 1
    let last = min(Int(page.cursor) + Limits.listScanSlots, grants.highWater)
    let next = last < grants.highWater ? UInt64(last) : 0
    return ((first...last).map { UInt32($0) }, next)
  }

  func describe(_ grant: Grant) -> GrantDescription {
    let app = apps[grant.appSlot]
    return GrantDescription(
      grant: grant, clientID: app?.clientID ?? [], appName: app?.fields.name ?? [],
      user: userID(grant.userSlot), scope: scopeText(grant.scopeSet),
      audience: audienceText(grant.audience))
  }
}

extension GrantDescription {
  /// Bytes of its group in a reply, at most: the size, six texts with their lengths (the grant's
  /// reference has 32 characters), three times and a flag.
  var byteCount: Int {
    2 + 6 * 2 + 32 + clientID.count + appName.count + user.count + scope.count + audience.count
      + 3 * 8 + 1
  }
}
