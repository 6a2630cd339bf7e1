extension ServiceState {
  /// Fills indexes, lists and counts from the tables: one pass over each. Called once, at start.
  mutating func rebuild() {
    settings = settingsTable[1] ?? Settings()
    gates.setProvider(Self.providerSwitch(settings))
    rebuildTokens()
    rebuildOwners()
    rebuildGrants()
    rebuildLedgers()
  }

  private mutating func rebuildTokens() {
    for slot in stride(from: 1, through: tokens.highWater, by: 1) {
      guard let record = tokens.reader.read(UInt32(slot)) else { continue }
      indexes.tokens.insert(record.id.hash, slot: UInt32(slot))
      derived.tokensOfKey[Int(record.keyID)] += 1
      position = max(position, record.position)
    }
  }

  private mutating func rebuildOwners() {
    forEachLive(users.highWater) { state, slot in
      guard let user = state.users[slot] else { return }
      state.link(user, slot)
    }
    forEachLive(apps.highWater) { state, slot in
      guard let app = state.apps[slot] else { return }
      state.link(app, slot)
    }
  }

  private mutating func rebuildGrants() {
    forEachLive(grants.highWater) { state, slot in
      guard let grant = state.grants[slot] else { return }
      state.link(grant, slot)
      state.position = max(state.position, grant.position)
    }
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
      guard let record = state.auditTrail[slot] else { return }
      state.position = max(state.position, record.position)
      guard record.position >= newestAudit else { return }
      newestAudit = record.position
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
