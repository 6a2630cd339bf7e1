extension ServiceState {
  /// Fills indexes, lists and counts from the tables: one pass over each. Called once, at start.
  mutating func rebuild() {
    settings = settingsTable[1] ?? Settings()
    gates.setProvider(Self.providerSwitch(settings))
    rebuildTokens()
    rebuildOwners()
    rebuildGrants()
    rebuildTransients()
    rebuildLedgers()
  }

  private mutating func rebuildTokens() {
    var filling = IndexFilling(expected: tokens.liveCount)
    for slot in stride(from: 1, through: tokens.highWater, by: 1) {
      guard let record = tokens.reader.read(UInt32(slot)) else { continue }
      filling.add(record.id.hash, slot: UInt32(slot))
      derived.tokensOfKey[Int(record.keyID)] += 1
      position = max(position, record.position)
    }
    filling.insert(into: &indexes.tokens)
  }

  private mutating func rebuildOwners() {
    var filling = IndexFilling(expected: users.liveCount)
    for slot in stride(from: 1, through: UInt32(users.highWater), by: 1)
    where users.isLive(slot) {
      filling.add(userHash(slot), slot: slot)
    }
    filling.insert(into: &indexes.users)
    forEachLive(apps.highWater) { state, slot in
      guard let app = state.apps[slot] else { return }
      state.link(app, slot)
    }
  }

  private mutating func rebuildGrants() {
    var filling = IndexFilling(expected: grants.liveCount)
    for slot in stride(from: 1, through: UInt32(grants.highWater), by: 1)
    where grants.isLive(slot) {
      // Without decoding the record: there are many.
      filling.add(grants.word(slot, Grant.hashOffset), slot: slot)
      let owners = grants.word(slot, Grant.ownersOffset)
      countGrant(
        slot, app: UInt32(truncatingIfNeeded: owners),
        user: UInt32(truncatingIfNeeded: owners >> 32))
      position = max(position, grants.word(slot, Grant.positionOffset))
    }
    filling.insert(into: &indexes.grants)
  }

  private mutating func rebuildTransients() {
    forEachLive(families.highWater) { state, slot in
      guard let family = state.families[slot] else { return }
      state.link(family, slot)
    }
    forEachLive(codes.highWater) { state, slot in
      guard let code = state.codes[slot] else { return }
      state.link(code, slot)
      state.position = max(state.position, code.position)
    }
    forEachLive(consents.highWater) { state, slot in
      guard let consent = state.consents[slot] else { return }
      state.link(consent, slot)
    }
    forEachLive(tickets.highWater) { state, slot in
      guard let ticket = state.tickets[slot] else { return }
      state.indexes.tickets.insert(ticket.id.hash, slot: slot)
    }
  }

  private mutating func rebuildLedgers() {
    forEachLive(keys.highWater) { state, slot in
      guard let key = state.keys[slot], key.state == .primary else { return }
      state.derived.primaryKeyID = key.keyID
    }
    var newestRetry: UInt64 = 0
    forEachLive(retries.highWater) { state, slot in
      guard let retry = state.retries[slot] else { return }
      state.link(retry, slot)
      state.position = max(state.position, retry.position)
      guard retry.position >= newestRetry else { return }
      newestRetry = retry.position
      state.derived.lastRetrySlot = slot
    }
    var newestAudit: UInt64 = 0
    forEachLive(auditTrail.highWater) { state, slot in
      guard state.auditTrail.isLive(slot) else { return }
      let position = state.auditTrail.word(slot, AuditRecord.positionOffset)
      state.position = max(state.position, position)
      guard position >= newestAudit else { return }
      newestAudit = position
      state.derived.lastAuditSlot = slot
    }
    forEachLive(moments.highWater) { state, slot in
      guard let moment = state.moments[slot] else { return }
      state.derived.timeLine.note(slot: slot, atMillis: moment.atMillis)
      state.position = max(state.position, moment.position)
    }
  }

  private mutating func forEachLive(
    _ highWater: Int, _ body: (inout ServiceState, UInt32) -> Void
  ) {
    for slot in stride(from: 1, through: highWater, by: 1) { body(&self, UInt32(slot)) }
  }
}
