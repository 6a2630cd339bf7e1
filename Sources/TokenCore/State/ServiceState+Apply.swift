extension ServiceState {
  /// Performs the effects of one commit. No rule is judged here and nothing is refused: what
  /// `decide` chose, and what the journal says was chosen, is what happens.
  ///
  /// - Parameter position: the commit's position, above every earlier one.
  public mutating func apply(_ effects: [Effect], at position: UInt64) {
    precondition(position > self.position, "commit positions only grow")
    perform(effects)
    self.position = position
  }

  mutating func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
  }

  mutating func perform(_ effect: Effect) {
    switch effect {
    case .tokenIssued(let slot, let record): issueToken(slot, record)
    case .tokenRevoked(let slot): tokens.revoke(slot)
    case .tokenFreed(let slot): freeToken(slot)
    case .grant(let slot, let grant):
      #if PLANTED
        if planted(.gateResetOnSlotReuse), !grants.isLive(slot) { gates.reset(.grant(slot)) }
      #endif
      put(grant, in: slot)
    case .grantFreed(let slot): freeGrant(slot)
    case .family(let slot, let family): put(family, in: slot)
    case .familyFreed(let slot): freeFamily(slot)
    case .code(let slot, let code): put(code, in: slot)
    case .codeFreed(let slot): freeCode(slot)
    case .consent(let slot, let consent): put(consent, in: slot)
    case .consentFreed(let slot): freeConsent(slot)
    case .app(let slot, let app): put(app, in: slot)
    case .appFreed(let slot): freeApp(slot)
    case .user(let slot, let user): put(user, in: slot)
    case .userFreed(let slot): freeUser(slot)
    case .ticketUsed(let slot, let ticket):
      tickets.put(ticket, in: slot)
      indexes.tickets.insert(ticket.id.hash, slot: slot)
    case .ticketFreed(let slot):
      indexes.tickets.remove(tickets.free(slot).id.hash, slot: slot)
    case .gateRaised(let gate, let position): gates.raise(gate, to: position)
    case .scopeSet(let id, let text): scopeSets.intern(id, text)
    case .audience(let id, let text): audiences.intern(id, text)
    case .settings(let settings): put(settings)
    case .key(let key): put(key)
    case .retry(let slot, let retry): put(retry, in: slot)
    case .audit(let slot, let record):
      auditTrail.put(record, in: slot)
      derived.lastAuditSlot = slot
    case .moment(let slot, let moment):
      moments.put(moment, in: slot)
      derived.timeLine.note(slot: slot, atMillis: moment.atMillis)
    case .clientAuthenticationFailed(let slot, let atMillis):
      derived.authenticationFailures.note(slot, atMillis: atMillis)
    case .newTextOfApp(let slot): derived.newTextsOfApp[slot, default: 0] += 1
    case .dynamicRegistration(let atMillis):
      derived.lastDynamicRegistrationMillis = atMillis
    }
  }
}

// MARK: - Tokens, grants, families, codes

extension ServiceState {
  private mutating func issueToken(_ slot: UInt32, _ record: TokenRecord) {
    tokens.publish(slot, record)
    indexes.tokens.insert(record.id.hash, slot: slot)
    derived.tokensOfKey[Int(record.keyID)] += 1
  }

  private mutating func freeToken(_ slot: UInt32) {
    guard let record = tokens.reader.read(slot) else {
      preconditionFailure("only a token's slot can be freed")
    }
    tokens.kill(slot)
    indexes.tokens.remove(record.id.hash, slot: slot)
    derived.tokensOfKey[Int(record.keyID)] -= 1
  }

  private mutating func put(_ grant: Grant, in slot: UInt32) {
    guard grants.exchange(grant, in: slot) == nil else { return }
    link(grant, slot)
  }

  private mutating func link(_ grant: Grant, _ slot: UInt32) {
    indexes.grants.insert(grant.id.hash, slot: slot)
    countGrant(slot, app: grant.appSlot, user: grant.userSlot)
  }

  /// What is counted and listed of a grant, beside its entry in the index.
  mutating func countGrant(_ slot: UInt32, app: UInt32, user: UInt32) {
    derived.appReferences.retain(app)
    derived.userReferences.retain(user)
    if user != 0 {
      derived.grantsOfUser.append(slot, to: user)
      derived.grantCountOfUser.retain(user)
    }
  }

  private mutating func freeGrant(_ slot: UInt32) {
    let grant = grants.free(slot)
    indexes.grants.remove(grant.id.hash, slot: slot)
    derived.appReferences.release(grant.appSlot)
    derived.userReferences.release(grant.userSlot)
    if grant.userSlot != 0 {
      derived.grantsOfUser.remove(slot, from: grant.userSlot)
      derived.grantCountOfUser.release(grant.userSlot)
    }
  }

  private mutating func put(_ family: RefreshFamily, in slot: UInt32) {
    guard let previous = families.exchange(family, in: slot) else { return link(family, slot) }
    derived.familiesOfKey[Int(previous.keyID)] -= 1
    derived.familiesOfKey[Int(family.keyID)] += 1
  }

  mutating func link(_ family: RefreshFamily, _ slot: UInt32) {
    indexes.families.insert(family.id.hash, slot: slot)
    derived.familiesOfKey[Int(family.keyID)] += 1
    derived.appReferences.retain(family.appSlot)
    derived.userReferences.retain(family.userSlot)
  }

  private mutating func freeFamily(_ slot: UInt32) {
    let family = families.free(slot)
    indexes.families.remove(family.id.hash, slot: slot)
    derived.familiesOfKey[Int(family.keyID)] -= 1
    derived.appReferences.release(family.appSlot)
    derived.userReferences.release(family.userSlot)
  }

  private mutating func put(_ code: AuthorizationCode, in slot: UInt32) {
    guard codes.exchange(code, in: slot) == nil else { return }
    link(code, slot)
  }

  mutating func link(_ code: AuthorizationCode, _ slot: UInt32) {
    indexes.codes.insert(code.id.hash, slot: slot)
    derived.appReferences.retain(code.appSlot)
    derived.userReferences.retain(code.userSlot)
    derived.codesOfUser.append(slot, to: code.userSlot)
  }

  private mutating func freeCode(_ slot: UInt32) {
    let code = codes.free(slot)
    indexes.codes.remove(code.id.hash, slot: slot)
    derived.appReferences.release(code.appSlot)
    derived.userReferences.release(code.userSlot)
    derived.codesOfUser.remove(slot, from: code.userSlot)
  }
}

// MARK: - Applications, users, consents

extension ServiceState {
  private mutating func put(_ app: ClientApplication, in slot: UInt32) {
    let previous = apps.exchange(app, in: slot)
    derived.decodedApps.forget(slot)
    if let previous {
      guard previous.creatorSlot != app.creatorSlot else { return }
      unlinkCreator(previous, slot)
      linkCreator(app, slot)
    } else {
      link(app, slot)
    }
  }

  mutating func link(_ app: ClientApplication, _ slot: UInt32) {
    indexes.apps.insert(indexes.hash.hash(app.clientID), slot: slot)
    linkCreator(app, slot)
  }

  private mutating func linkCreator(_ app: ClientApplication, _ slot: UInt32) {
    guard app.creatorSlot != 0 else { return }
    derived.userReferences.retain(app.creatorSlot)
    derived.appsOfCreator.append(slot, to: app.creatorSlot)
  }

  private mutating func unlinkCreator(_ app: ClientApplication, _ slot: UInt32) {
    guard app.creatorSlot != 0 else { return }
    derived.userReferences.release(app.creatorSlot)
    derived.appsOfCreator.remove(slot, from: app.creatorSlot)
  }

  private mutating func freeApp(_ slot: UInt32) {
    let app = apps.free(slot)
    derived.decodedApps.forget(slot)
    indexes.apps.remove(indexes.hash.hash(app.clientID), slot: slot)
    unlinkCreator(app, slot)
    derived.authenticationFailures.forget(slot)
    derived.newTextsOfApp[slot] = nil
  }

  private mutating func put(_ user: User, in slot: UInt32) {
    guard users.exchange(user, in: slot) == nil else { return }
    link(user, slot)
  }

  private mutating func link(_ user: User, _ slot: UInt32) {
    indexes.users.insert(indexes.hash.hash(user.id), slot: slot)
  }

  private mutating func freeUser(_ slot: UInt32) {
    let user = users.free(slot)
    indexes.users.remove(indexes.hash.hash(user.id), slot: slot)
  }

  private mutating func put(_ consent: Consent, in slot: UInt32) {
    guard consents.exchange(consent, in: slot) == nil else { return }
    link(consent, slot)
  }

  mutating func link(_ consent: Consent, _ slot: UInt32) {
    indexes.consents.insert(consentHash(consent), slot: slot)
    derived.appReferences.retain(consent.appSlot)
    derived.userReferences.retain(consent.userSlot)
    derived.consentsOfUser.append(slot, to: consent.userSlot)
  }

  private mutating func freeConsent(_ slot: UInt32) {
    let consent = consents.free(slot)
    indexes.consents.remove(consentHash(consent), slot: slot)
    derived.appReferences.release(consent.appSlot)
    derived.userReferences.release(consent.userSlot)
    derived.consentsOfUser.remove(slot, from: consent.userSlot)
  }
}

// MARK: - Settings, keys, retries

extension ServiceState {
  private mutating func put(_ settings: Settings) {
    settingsTable.put(settings, in: 1)
    self.settings = settings
    gates.setProvider(Self.providerSwitch(settings))
  }

  /// A key's row has the slot of its id, one up.
  private mutating func put(_ key: SigningKey) {
    keys.put(key, in: UInt32(key.keyID) + 1)
    if key.state == .primary { derived.primaryKeyID = key.keyID }
  }

  private mutating func put(_ retry: RetryRecord, in slot: UInt32) {
    if let previous = retries.exchange(retry, in: slot) {
      indexes.retries.remove(retryHash(previous.peerUID, previous.key), slot: slot)
    }
    link(retry, slot)
    derived.lastRetrySlot = slot
  }

  /// Of a key that was used again after its window, only the newest record is found: so one key
  /// cannot fill a line of the index.
  mutating func link(_ retry: RetryRecord, _ slot: UInt32) {
    let hash = retryHash(retry.peerUID, retry.key)
    if let other = findRetrySlot(retry.peerUID, retry.key) {
      guard retries[other].map({ $0.position < retry.position }) ?? true else { return }
      indexes.retries.remove(hash, slot: other)
    }
    indexes.retries.insert(hash, slot: slot)
  }
}
