// Ending tokens before their time. All of it works with the provider switched off.

extension ServiceState {
  /// CLIENT_REVOKE (RFC 7009): a client's own tokens only; whatever else it shows is answered the
  /// same and nothing happens. A refresh token ends its whole grant, an access token itself.
  func clientRevoke(
    _ credential: ClientCredential, _ subject: RevocationSubject, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    let client = try authenticate(credential, &plan)
    guard let target = clientTarget(subject, plan), isTarget(target, of: client) else {
      return .done
    }
    auditRevocation(of: target, &plan)
    plan.add(target.effect)
    return .done
  }

  private func isTarget(_ target: RevocationTarget, of client: AuthenticatedClient) -> Bool {
    #if PLANTED
      if planted(.clientRevokesForeignTokens) { return true }
    #endif
    return target.appSlot == client.slot
  }

  /// REVOKE, by an administrator: an access token itself, a refresh token's or a reference's grant.
  func revoke(_ subject: RevocationSubject, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard let target = target(subject, plan) else { return .revoked(false) }
    auditRevocation(of: target, &plan)
    plan.add(target.effect)
    return .revoked(true)
  }

  private func auditRevocation(of target: RevocationTarget, _ plan: inout Plan) {
    plan.audit = AuditSubject(
      event: .tokenRevoked, user: userID(target.userSlot),
      clientID: clientIDOfApp(target.appSlot))
  }

  /// A grant reference is no token, so it says nothing to a client.
  private func clientTarget(_ subject: RevocationSubject, _ plan: Plan) -> RevocationTarget? {
    if case .grant = subject { return nil }
    return target(subject, plan)
  }

  /// nil where there is nothing alive to revoke.
  private func target(_ subject: RevocationSubject, _ plan: Plan) -> RevocationTarget? {
    switch subject {
    case .accessToken(let id):
      guard let (slot, record) = findToken(id),
        !space.isReclaimable(record, nowSeconds: plan.nowSeconds)
      else { return nil }
      return RevocationTarget(
        appSlot: record.app, userSlot: record.user, effect: .tokenRevoked(slot))
    case .refreshToken(let id):
      guard let (_, family) = findFamily(id), id.generation <= family.generation,
        isAlive(family, nowMillis: plan.nowMillis)
      else { return nil }
      return RevocationTarget(
        appSlot: family.appSlot, userSlot: family.userSlot,
        effect: .gateRaised(.grant(family.grantSlot), position: plan.position))
    case .grant(let id):
      guard let (slot, grant) = findGrant(id),
        isAlive(grant, slot: slot, nowMillis: plan.nowMillis)
      else { return nil }
      return RevocationTarget(
        appSlot: grant.appSlot, userSlot: grant.userSlot,
        effect: .gateRaised(.grant(slot), position: plan.position))
    case .foreign: return nil
    }
  }
}

/// Whose it is, and what ends it.
private struct RevocationTarget {
  let appSlot: UInt32
  let userSlot: UInt32
  let effect: Effect
}
