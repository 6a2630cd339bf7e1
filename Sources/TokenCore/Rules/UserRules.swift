// USER_DISABLE, USER_ENABLE, REVOKE_USER. They work with the provider off.

extension ServiceState {
  /// F38. The gate ends what there is, the flag refuses what would come. A user nobody has heard of
  /// gets a row, so that a ban can come first.
  func disableUser(_ user: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.userDisabled, user: user)
    try requireUserID(user, field: "user")
    let slot = try plan.userSlot(user, self)
    let created = users[slot]?.createdAtMillis ?? plan.nowMillis
    closeGate(ofUser: slot, &plan)
    plan.add(.user(slot, User(id: user, isDisabled: true, createdAtMillis: created)))
    return .done
  }

  private func closeGate(ofUser slot: UInt32, _ plan: inout Plan) {
    #if PLANTED
      if planted(.enablingRevivesTokens) { return }
    #endif
    plan.add(.gateRaised(.user(slot), position: plan.position))
  }

  /// The flag only: what was revoked stays revoked, so the person authorizes again. Consents are
  /// still remembered.
  func enableUser(_ user: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.userEnabled, user: user)
    try requireUserID(user, field: "user")
    guard var found = findUser(user), found.user.isDisabled else { return .done }
    found.user.isDisabled = false
    plan.add(.user(found.slot, found.user))
    return .done
  }

  /// F39. Answers whether it was applied: a changed password obeys `revoke-on-password-change`.
  func revokeUser(
    _ user: [UInt8], _ reason: RevokeUserReason, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.userRevoked, user: user)
    try requireUserID(user, field: "user")
    if reason == .passwordChanged && !settings.revokesOnPasswordChange { return .applied(false) }
    guard let slot = findUserSlot(user) else { return .applied(true) }
    plan.add(.gateRaised(.user(slot), position: plan.position))
    if reason == .userDeleted {
      forgetConsents(of: slot, &plan)
      forgetCreator(slot, &plan)
    }
    return .applied(true)
  }

  private func forgetConsents(of userSlot: UInt32, _ plan: inout Plan) {
    for slot in consentSlots(ofUser: userSlot) { plan.add(.consentFreed(slot)) }
  }

  /// The applications stay in use; only system administrators manage them from now on.
  private func forgetCreator(_ userSlot: UInt32, _ plan: inout Plan) {
    for slot in appSlots(ofCreator: userSlot) {
      guard var app = apps[slot] else { continue }
      app.creatorSlot = 0
      app.updatedAtMillis = plan.nowMillis
      plan.add(.app(slot, app))
    }
  }
}
