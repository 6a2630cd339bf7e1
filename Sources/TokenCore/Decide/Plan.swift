/// What one operation is going to do, while its rules are being judged: the effects so far, and the
/// slots and ids that they take. Slots are chosen here and taken by `apply`, so judging changes
/// nothing.
struct Plan {
  /// The position the commit will have.
  let position: UInt64
  let call: Call
  private(set) var effects: [Effect] = []
  /// What stays although the operation is refused: a burnt code, a revoked family, a counted
  /// failure.
  private(set) var effectsOfRefusal: [Effect] = []
  /// The application whose request may bring new scope sets and audiences; 0 = a caller that
  /// nothing bounds.
  var textOwner: UInt32 = 0
  /// What the audit trail will say, with the outcome, once it is known.
  var audit: AuditSubject?

  private var takenTokens = 0
  private var takenRecords = InlineArray<16, Int>(repeating: 0)
  private var newScopeSets: [(id: UInt16, text: [UInt8])] = []
  private var newAudiences: [(id: UInt16, text: [UInt8])] = []
  private var newUsers: [(slot: UInt32, id: [UInt8])] = []

  init(position: UInt64, call: Call) {
    self.position = position
    self.call = call
  }

  var nowMillis: UInt64 { call.nowMillis }
  var nowSeconds: UInt32 { UInt32(truncatingIfNeeded: call.nowMillis / 1_000) }

  mutating func add(_ effect: Effect) { effects.append(effect) }

  /// Makes room for so many effects more.
  mutating func reserve(effectCount: Int) {
    effects.reserveCapacity(effects.count + effectCount)
  }

  /// Adds an effect that stays even when the operation is refused.
  mutating func addAlways(_ effect: Effect) {
    effects.append(effect)
    effectsOfRefusal.append(effect)
  }
}

/// Whom and what an audit record is about.
struct AuditSubject {
  var event: AuditRecord.Event
  var actor: [UInt8] = []
  var user: [UInt8] = []
  var clientID: [UInt8] = []
}

// MARK: - Taking slots

extension Plan {
  mutating func takeTokenSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    guard let slot = state.tokens.freeSlot(after: takenTokens) else {
      throw Self.full("access tokens", "max-tokens")
    }
    takenTokens += 1
    return slot
  }

  /// A slot for a new grant. A slot that had an owner before gets its gate raised first, so that
  /// nothing of that owner's lives under the new one.
  mutating func takeGrantSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    let slot = try take(state.grants, "grants", "max-grants")
    closeGate(.grant(slot), wasUsed: Int(slot) <= state.grants.highWater)
    return slot
  }

  mutating func takeAppSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    let slot = try take(state.apps, "applications", "max-apps")
    closeGate(.app(slot), wasUsed: Int(slot) <= state.apps.highWater)
    return slot
  }

  mutating func takeFamilySlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    try take(state.families, "refresh tokens", "max-families")
  }

  mutating func takeCodeSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    try take(state.codes, "authorization codes", "max-codes")
  }

  mutating func takeConsentSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    try take(state.consents, "consents", nil)
  }

  mutating func takeTicketSlot(_ state: borrowing ServiceState) throws(Refusal) -> UInt32 {
    try take(state.tickets, "consent tickets", nil)
  }

  /// The user's slot; a user not known yet gets a row.
  mutating func userSlot(
    _ id: [UInt8], _ state: borrowing ServiceState
  ) throws(Refusal) -> UInt32 {
    if let known = state.findUserSlot(id) { return known }
    if let planned = newUsers.first(where: { $0.id == id }) { return planned.slot }
    let slot = try take(state.users, "users", "max-users")
    closeGate(.user(slot), wasUsed: Int(slot) <= state.users.highWater)
    newUsers.append((slot, id))
    add(.user(slot, User(id: id, createdAtMillis: nowMillis)))
    return slot
  }

  private mutating func take<Record: StoredRecord>(
    _ table: borrowing StoredTable<Record>, _ what: String, _ setting: String?
  ) throws(Refusal) -> UInt32 {
    let place = Record.kind.rawValue
    guard let slot = table.freeSlot(after: takenRecords[place]) else {
      throw Self.full(what, setting)
    }
    takenRecords[place] += 1
    return slot
  }

  private mutating func closeGate(_ gate: Gate, wasUsed: Bool) {
    #if PLANTED
      if planted(.slotReuseLeavesItsGateOpen) { return }
    #endif
    guard wasUsed else { return }
    add(.gateRaised(gate, position: position - 1))
  }

  /// Where no setting makes the table larger, time does: its rows expire.
  private static func full(_ what: String, _ setting: String?) -> Refusal {
    let remedy = setting.map { "raise \($0) in the configuration" } ?? "try again later"
    return Refusal(.limitReached, "the table of \(what) is full; \(remedy)")
  }
}

// MARK: - Interning texts

extension Plan {
  private mutating func countNewText(
    _ state: borrowing ServiceState, field: String
  ) throws(Refusal) {
    guard textOwner != 0 else { return }
    let planned = newScopeSets.count + newAudiences.count
    let used = state.derived.newTextsOfApp[textOwner, default: 0] + planned
    guard used < Limits.newTextsPerApp else {
      throw Refusal(
        .limitReached, field: field,
        "this application has asked for too many different scopes and resources; use the same ones")
    }
    add(.newTextOfApp(textOwner))
  }

  /// The id of a canonical scope set; 0 for the empty one.
  mutating func scopeSet(
    _ text: [UInt8], _ state: borrowing ServiceState
  ) throws(Refusal) -> UInt16 {
    if text.isEmpty { return 0 }
    if let id = state.scopeSets.find(text) { return id }
    if let planned = newScopeSets.first(where: { $0.text == text }) { return planned.id }
    guard let id = state.scopeSets.nextID(after: newScopeSets.count) else {
      throw Refusal(
        .limitReached, field: "scope",
        "no more different sets of scopes can be kept; raise max-scope-sets in the configuration")
    }
    try countNewText(state, field: "scope")
    newScopeSets.append((id, text))
    add(.scopeSet(id, text))
    return id
  }

  /// The id that a scope set has or will have with this commit; 0 where it has none.
  func plannedScopeSet(_ text: [UInt8], _ state: borrowing ServiceState) -> UInt16 {
    state.scopeSets.find(text) ?? newScopeSets.first { $0.text == text }?.id ?? 0
  }

  /// The same for an audience.
  func plannedAudience(_ text: [UInt8], _ state: borrowing ServiceState) -> UInt16 {
    state.audiences.find(text) ?? newAudiences.first { $0.text == text }?.id ?? 0
  }

  /// The id of an audience; 0 for none.
  mutating func audience(
    _ text: [UInt8], _ state: borrowing ServiceState
  ) throws(Refusal) -> UInt16 {
    if text.isEmpty { return 0 }
    if let id = state.audiences.find(text) { return id }
    if let planned = newAudiences.first(where: { $0.text == text }) { return planned.id }
    guard let id = state.audiences.nextID(after: newAudiences.count) else {
      throw Refusal(
        .limitReached, field: "resource",
        "no more different audiences can be kept; raise max-audiences in the configuration")
    }
    try countNewText(state, field: "resource")
    newAudiences.append((id, text))
    add(.audience(id, text))
    return id
  }
}
