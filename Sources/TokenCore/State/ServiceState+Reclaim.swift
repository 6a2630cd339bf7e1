extension ServiceState {
  /// Examines the next few slots of every table and gives effects that free what is expired or
  /// below a gate. Called once for each mutation, so memory is bounded by what is live, with no
  /// timer and no sweeping thread. Nothing is freed for a reason that can be taken back (provider
  /// off, user disabled).
  ///
  /// - Parameters:
  ///   - nowMillis: the trusted time; the caller does not call while the clock is suspect.
  ///   - newTokens: how many tokens the mutation may issue. A few slots are examined for each, so
  ///     reclaim keeps pace with issuing; where they would not fit, many more.
  public mutating func reclaim(nowMillis: UInt64, newTokens: Int = 1) -> [Effect] {
    var effects: [Effect] = []
    let isFull = tokens.freeSlot(after: newTokens) == nil
    let step =
      isFull ? Limits.reclaimSlotsWhenFull : Limits.reclaimSlotsPerToken * max(newTokens, 1)
    reclaimTokens(nowMillis, step, &effects)
    reclaimGrants(nowMillis, step, &effects)
    reclaimCodes(nowMillis, &effects)
    reclaimConsents(&effects)
    reclaimOwners(step, &effects)
    return effects
  }

  private static var step: Int { Limits.reclaimSlotsPerToken }

  private mutating func reclaimTokens(
    _ nowMillis: UInt64, _ step: Int, _ effects: inout [Effect]
  ) {
    let nowSeconds = UInt32(truncatingIfNeeded: nowMillis / 1_000)
    let slots = ReclaimCursors.advance(
      &derived.reclaimCursors.tokens, highWater: tokens.highWater, count: step)
    for slot in slots {
      guard let record = tokens.reader.read(slot) else { continue }
      if isReclaimable(record, nowSeconds: nowSeconds) { effects.append(.tokenFreed(slot)) }
    }
  }

  private func isReclaimable(_ record: TokenRecord, nowSeconds: UInt32) -> Bool {
    #if PLANTED
      if planted(.reclaimsWhileTheProviderIsOff), !settings.isProviderEnabled { return true }
    #endif
    return space.isReclaimable(record, nowSeconds: nowSeconds)
  }

  private mutating func reclaimGrants(
    _ nowMillis: UInt64, _ step: Int, _ effects: inout [Effect]
  ) {
    let slots = ReclaimCursors.advance(
      &derived.reclaimCursors.grants, highWater: grants.highWater, count: step)
    for slot in slots {
      guard grants.isLive(slot), !isGrantAlive(slot, nowMillis: nowMillis),
        let grant = grants[slot]
      else { continue }
      if let family = familySlot(of: grant, slot) { effects.append(.familyFreed(family)) }
      effects.append(.grantFreed(slot))
    }
  }

  /// As `isAlive`, from the few words that it takes.
  private func isGrantAlive(_ slot: UInt32, nowMillis: UInt64) -> Bool {
    let owners = grants.word(slot, Grant.ownersOffset)
    let expirySeconds = UInt32(truncatingIfNeeded: grants.word(slot, Grant.expiryOffset))
    return UInt64(expirySeconds) > nowMillis / 1_000
      && isOpen(
        grant: slot, app: UInt32(truncatingIfNeeded: owners),
        user: UInt32(truncatingIfNeeded: owners >> 32),
        position: grants.word(slot, Grant.positionOffset))
  }

  private mutating func reclaimCodes(_ nowMillis: UInt64, _ effects: inout [Effect]) {
    let slots = ReclaimCursors.advance(
      &derived.reclaimCursors.codes, highWater: codes.highWater, count: Self.step)
    for slot in slots {
      guard let code = codes[slot] else { continue }
      let isOpen = isOpen(app: code.appSlot, user: code.userSlot, position: code.position)
      if !isOpen || code.expiresAtMillis + rememberedMillis(code) <= nowMillis {
        effects.append(.codeFreed(slot))
      }
    }
    let ticketSlots = ReclaimCursors.advance(
      &derived.reclaimCursors.tickets, highWater: tickets.highWater, count: Self.step)
    for slot in ticketSlots {
      guard let ticket = tickets[slot], ticket.expiresAtMillis <= nowMillis else { continue }
      effects.append(.ticketFreed(slot))
    }
  }

  /// How long a code that has expired is still known, for the sake of those that show it again.
  private func rememberedMillis(_ code: AuthorizationCode) -> UInt64 {
    #if PLANTED
      if planted(.redeemedCodeForgotten) { return 0 }
    #endif
    return code.state == .redeemed ? Limits.redeemedCodeMillis : 0
  }

  /// Consents of deleted applications. Others are taken back by their owner only.
  private mutating func reclaimConsents(_ effects: inout [Effect]) {
    let slots = ReclaimCursors.advance(
      &derived.reclaimCursors.consents, highWater: consents.highWater, count: Self.step)
    for slot in slots {
      guard let consent = consents[slot], isDeleted(appSlot: consent.appSlot) else { continue }
      effects.append(.consentFreed(slot))
    }
  }

  /// Read by itself: decoding a whole application for each slot looked at would cost more than all
  /// the rest of a mutation.
  private func isDeleted(appSlot: UInt32) -> Bool {
    guard apps.isLive(appSlot) else { return false }
    let flags = apps.reader.bytes(appSlot, offset: ClientApplication.flagsOffset, count: 1)
    return flags[0] & ClientApplication.deletedFlag != 0
  }

  /// Deleted applications and forgotten users that nothing refers to any more.
  private mutating func reclaimOwners(_ step: Int, _ effects: inout [Effect]) {
    let appSlots = ReclaimCursors.advance(
      &derived.reclaimCursors.apps, highWater: apps.highWater, count: 1)
    for slot in appSlots where derived.appReferences[slot] == 0 {
      guard isDeleted(appSlot: slot) else { continue }
      effects.append(.appFreed(slot))
    }
    let userSlots = ReclaimCursors.advance(
      &derived.reclaimCursors.users, highWater: users.highWater, count: step)
    for slot in userSlots where derived.userReferences[slot] == 0 {
      guard let user = users[slot], isForgettable(user) else { continue }
      effects.append(.userFreed(slot))
    }
  }

  private func isForgettable(_ user: User) -> Bool {
    #if PLANTED
      if planted(.revocationPurgedEarly) { return true }
    #endif
    return !user.isDisabled
  }
}
