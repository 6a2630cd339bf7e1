// KEYS_LIST, KEYS_ROTATE, KEYS_RETIRE.

extension ServiceState {
  /// In the order of their ids, retired ones among them.
  func listKeys() -> Outcome {
    var listed: [KeyDescription] = []
    var cursor: UInt32 = 0
    while let slot = keys.nextLive(after: cursor) {
      cursor = slot
      guard let key = keys[slot] else { continue }
      listed.append(KeyDescription(key: key, liveTokens: liveTokens(ofKey: key.keyID)))
    }
    return .keys(listed)
  }

  /// A new primary key, under the first id that was never used. The one before verifies on.
  func rotateKey(_ salt: TokenID, _ plan: inout Plan) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(event: .keyRotated)
    let keyID = try unusedKeyID()
    if var primary = key(derived.primaryKeyID), primary.state == .primary {
      primary.state = .verifyOnly
      plan.add(.key(primary))
    }
    plan.add(
      .key(
        SigningKey(
          keyID: keyID, state: .primary, salt: salt, createdAtMillis: plan.nowMillis)))
    return .keyRotated(keyID)
  }

  /// Ends every access token that the key signed, by its gate, and every refresh token and code,
  /// since no rule accepts one whose key is retired. The id is never used again.
  func retireKey(
    _ keyID: UInt8, force: Bool, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(event: .keyRetired)
    guard var key = key(keyID) else {
      throw Refusal(.notFound, field: "keyId", "there is no key \(keyID)")
    }
    if key.state == .retired { return .keyRetired(killedTokens: 0) }
    try requireNotPrimary(key)
    let live = liveTokens(ofKey: keyID)
    try requireForce(force, keyID, live)
    key.state = .retired
    plan.add(.gateRaised(.key(keyID), position: plan.position))
    plan.add(.key(key))
    return .keyRetired(killedTokens: live)
  }

  private func unusedKeyID() throws(Refusal) -> UInt8 {
    guard let keyID = (UInt8.min...UInt8.max).first(where: { key($0) == nil }) else {
      throw Refusal(
        .limitReached,
        "all 256 key ids have been used; start with a new root key and data directory")
    }
    return keyID
  }

  private func requireNotPrimary(_ key: SigningKey) throws(Refusal) {
    guard key.state != .primary else {
      throw Refusal(
        .keyInUse, field: "keyId",
        "key \(key.keyID) is the primary key and signs new tokens; rotate keys first")
    }
  }

  private func requireForce(
    _ force: Bool, _ keyID: UInt8, _ live: UInt64
  ) throws(Refusal) {
    #if PLANTED
      if planted(.keyRetiredUnderLiveTokens) { return }
    #endif
    guard force || live == 0 else {
      throw Refusal(
        .keyInUse, field: "force",
        "\(live) tokens signed with key \(keyID) are on record and would die; "
          + "wait until they have expired, or force it")
    }
  }

  func key(_ keyID: UInt8) -> SigningKey? { keys[UInt32(keyID) + 1] }

  /// Access and refresh tokens that the key signed and that have not been reclaimed: dead ones not
  /// yet swept count, so the number is never too low.
  func liveTokens(ofKey keyID: UInt8) -> UInt64 {
    derived.tokensOfKey[Int(keyID)] + derived.familiesOfKey[Int(keyID)]
  }
}
