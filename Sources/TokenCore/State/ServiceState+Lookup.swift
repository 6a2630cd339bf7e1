// Look-ups by name, for rules. Every one compares the whole name: an index yields candidates only.

extension ServiceState {
  func findToken(_ id: TokenID) -> (slot: UInt32, record: TokenRecord)? { space.find(id) }

  func findGrant(_ id: TokenID) -> (slot: UInt32, grant: Grant)? {
    var probe = indexes.grants.probe(id.hash)
    while let slot = probe.next() {
      if let grant = grants[slot], grant.id == id { return (slot, grant) }
    }
    return nil
  }

  /// The family of a refresh token of any generation.
  func findFamily(_ id: TokenID) -> (slot: UInt32, family: RefreshFamily)? {
    var probe = indexes.families.probe(id.hash)
    while let slot = probe.next() {
      if let family = families[slot], family.id == id.with(generation: 0) {
        return (slot, family)
      }
    }
    return nil
  }

  func findCode(_ id: TokenID) -> (slot: UInt32, code: AuthorizationCode)? {
    var probe = indexes.codes.probe(id.hash)
    while let slot = probe.next() {
      if let code = codes[slot], code.id == id { return (slot, code) }
    }
    return nil
  }

  /// An application that was not deleted.
  func findApp(_ clientID: [UInt8]) -> (slot: UInt32, app: ClientApplication)? {
    guard let slot = findAppSlot(clientID), let app = derived.decodedApps[slot] ?? apps[slot],
      !app.isDeleted
    else { return nil }
    return (slot, app)
  }

  /// The slot of an application, deleted or not. Compares the client id as it lies in the record:
  /// the whole of one has five kilobytes.
  func findAppSlot(_ clientID: [UInt8]) -> UInt32? {
    guard clientID.count == ClientApplication.clientIDByteCount else { return nil }
    var probe = indexes.apps.probe(indexes.hash.hash(clientID))
    while let slot = probe.next() {
      guard apps.isLive(slot) else { continue }
      if apps.reader.holds(clientID, slot, offset: ClientApplication.clientIDOffset) { return slot }
    }
    return nil
  }

  /// Whether there is such an application, and it was not deleted.
  func hasApp(_ clientID: [UInt8]) -> Bool {
    guard let slot = findAppSlot(clientID) else { return false }
    let offset = ClientApplication.flagsOffset
    let flags = UInt8(
      truncatingIfNeeded: apps.word(slot, offset / 8 * 8) >> UInt64(offset % 8 * 8))
    return flags & ClientApplication.deletedFlag == 0
  }

  /// Empty for slot 0 and for an application that is gone.
  func clientIDOfApp(_ slot: UInt32) -> [UInt8] {
    guard slot != 0, apps.isLive(slot) else { return [] }
    return apps.reader.bytes(
      slot, offset: ClientApplication.clientIDOffset, count: ClientApplication.clientIDByteCount)
  }

  /// Keeps the application that an operation names decoded, for the look-ups of its rules and for
  /// the next operation that names it.
  mutating func keepDecoded(_ clientID: [UInt8]) {
    guard let slot = findAppSlot(clientID), !derived.decodedApps.contains(slot),
      let app = apps[slot]
    else { return }
    derived.decodedApps.keep(app, slot)
  }

  /// The hash under which a live user lies in the index, without decoding the record.
  func userHash(_ slot: UInt32) -> UInt64 {
    let reader = users.reader
    // A start asks for every user: no allocation.
    var id = InlineArray<128, UInt8>(repeating: 0)
    let length = Int(reader.word(slot, offset: User.idLengthOffset) & 0xFFFF)
    let count = min(length, Limits.userIDMaxBytes)
    var room = id.mutableSpan
    _ = unsafe room.withUnsafeMutableBytes {
      unsafe reader.copyBytes(
        slot, offset: User.idOffset, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count]))
    }
    return indexes.hash.hash(id.span.extracting(0..<count))
  }

  func findUser(_ id: [UInt8]) -> (slot: UInt32, user: User)? {
    guard let slot = findUserSlot(id), let user = users[slot] else { return nil }
    return (slot, user)
  }

  /// Compares the id as it lies in the record.
  func findUserSlot(_ id: [UInt8]) -> UInt32? {
    guard id.count <= Limits.userIDMaxBytes else { return nil }
    let reader = users.reader
    var probe = indexes.users.probe(indexes.hash.hash(id))
    while let slot = probe.next() {
      guard users.isLive(slot) else { continue }
      let length = Int(reader.word(slot, offset: User.idLengthOffset) & 0xFFFF)
      if length == id.count, reader.holds(id, slot, offset: User.idOffset) { return slot }
    }
    return nil
  }

  /// Whether the person is known and disabled.
  func isDisabled(_ userID: [UInt8]) -> Bool {
    guard let slot = findUserSlot(userID) else { return false }
    let offset = User.flagsOffset
    let flags = users.word(slot, offset / 8 * 8) >> UInt64(offset % 8 * 8)
    return flags & UInt64(User.disabledFlag) != 0
  }

  func findConsent(
    userSlot: UInt32, appSlot: UInt32, redirectURI: [UInt8]
  ) -> (slot: UInt32, consent: Consent)? {
    let hash = consentHash(userSlot: userSlot, appSlot: appSlot, redirectURI: redirectURI)
    var probe = indexes.consents.probe(hash)
    while let slot = probe.next() {
      if let consent = consents[slot], consent.userSlot == userSlot, consent.appSlot == appSlot,
        consent.redirectURI == redirectURI
      {
        return (slot, consent)
      }
    }
    return nil
  }

  func isTicketUsed(_ id: TokenID) -> Bool {
    var probe = indexes.tickets.probe(id.hash)
    while let slot = probe.next() {
      if tickets[slot]?.id == id { return true }
    }
    return false
  }

  func findRetry(_ peerUID: UInt32, _ key: TokenID) -> RetryRecord? {
    findRetrySlot(peerUID, key).flatMap { retries[$0] }
  }

  /// The index holds only the newest record of a key.
  func findRetrySlot(_ peerUID: UInt32, _ key: TokenID) -> UInt32? {
    var probe = indexes.retries.probe(retryHash(peerUID, key))
    while let slot = probe.next() {
      if let retry = retries[slot], retry.peerUID == peerUID, retry.key == key { return slot }
    }
    return nil
  }

  /// The slots of a user's grants, oldest first, dead ones not yet reclaimed among them.
  func grantSlots(ofUser userSlot: UInt32) -> [UInt32] {
    slots(in: derived.grantsOfUser, of: userSlot)
  }

  func consentSlots(ofUser userSlot: UInt32) -> [UInt32] {
    slots(in: derived.consentsOfUser, of: userSlot)
  }

  func appSlots(ofCreator userSlot: UInt32) -> [UInt32] {
    slots(in: derived.appsOfCreator, of: userSlot)
  }

  func codeSlots(ofUser userSlot: UInt32) -> [UInt32] {
    slots(in: derived.codesOfUser, of: userSlot)
  }

  private func slots(in lists: OwnerLists, of owner: UInt32) -> [UInt32] {
    var slots: [UInt32] = []
    var slot = lists.first(of: owner)
    while slot != 0 {
      slots.append(slot)
      slot = lists.next(after: slot)
    }
    return slots
  }

  // MARK: Texts

  func scopeText(_ id: UInt16) -> [UInt8] {
    Int(id) <= scopeSets.count ? scopeSets.reader.bytes(id) ?? [] : []
  }

  func audienceText(_ id: UInt16) -> [UInt8] {
    Int(id) <= audiences.count ? audiences.reader.bytes(id) ?? [] : []
  }

  func userID(_ slot: UInt32) -> [UInt8] { users[slot]?.id ?? [] }

  /// The row of a grant's refresh family, where it has one that is still there. A family that names
  /// another grant is that one's, whatever this one says: it ends with it, and once.
  func familySlot(of grant: Grant, _ slot: UInt32) -> UInt32? {
    let family = grant.familySlot
    guard family != 0, families.isLive(family),
      UInt32(truncatingIfNeeded: families.word(family, RefreshFamily.grantSlotOffset)) == slot
    else { return nil }
    return family
  }

  // MARK: What is alive

  /// Whether no gate closed over something made at `position` and it has not been revoked
  /// otherwise.
  func isOpen(grant: UInt32 = 0, app: UInt32, user: UInt32, position: UInt64) -> Bool {
    position > gates.position(of: .service) && position > gates.position(of: .app(app))
      && position > gates.position(of: .user(user))
      && position > gates.position(of: .grant(grant))
  }

  func isAlive(_ grant: Grant, slot: UInt32, nowMillis: UInt64) -> Bool {
    UInt64(grant.expiresAtSeconds) > nowMillis / 1_000
      && isOpen(grant: slot, app: grant.appSlot, user: grant.userSlot, position: grant.position)
  }

  /// Revoked or expired, whatever the reason, it rotates no more.
  func isAlive(_ family: RefreshFamily, nowMillis: UInt64) -> Bool {
    !family.isRevoked && UInt64(family.expiresAtSeconds) > nowMillis / 1_000
      && isOpen(
        grant: family.grantSlot, app: family.appSlot, user: family.userSlot,
        position: family.position)
  }

  // MARK: Hashes of composite names

  func consentHash(_ consent: Consent) -> UInt64 {
    consentHash(
      userSlot: consent.userSlot, appSlot: consent.appSlot, redirectURI: consent.redirectURI)
  }

  private func consentHash(userSlot: UInt32, appSlot: UInt32, redirectURI: [UInt8]) -> UInt64 {
    var writer = FieldWriter(byteCount: 8 + redirectURI.count)
    writer.u32(userSlot)
    writer.u32(appSlot)
    writer.raw(redirectURI)
    return indexes.hash.hash(writer.bytes)
  }

  func retryHash(_ peerUID: UInt32, _ key: TokenID) -> UInt64 {
    var writer = FieldWriter(byteCount: 20)
    writer.u32(peerUID)
    writer.id(key)
    return indexes.hash.hash(writer.bytes)
  }
}
