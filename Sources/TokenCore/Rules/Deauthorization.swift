extension ServiceState {
  /// DEAUTHORIZE (F23): everything a person gave an application ends in one commit: its grants with
  /// their tokens, its codes, what it was allowed. Doing it again changes nothing, and it works
  /// with the provider switched off. An unknown client, and a text that is no client id, have
  /// nothing to take back.
  func deauthorize(
    _ person: Person, user: [UInt8], clientID: [UInt8], _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    try requirePerson(person)
    let user = try namedUser(person, user)
    guard let app = findApp(clientID) else { return .done }
    plan.audit = AuditSubject(
      event: .deauthorized, actor: person.user, user: user, clientID: clientID)
    guard let found = findUser(user) else { return .done }
    endGrants(ofUser: found.slot, toApp: app.slot, &plan)
    endCodes(ofUser: found.slot, toApp: app.slot, &plan)
    forgetConsents(ofUser: found.slot, toApp: app.slot, &plan)
    return .done
  }

  // MARK: Steps

  private func endGrants(ofUser userSlot: UInt32, toApp appSlot: UInt32, _ plan: inout Plan) {
    for slot in grantSlots(ofUser: userSlot) {
      guard let grant = grants[slot], grant.appSlot == appSlot,
        isAlive(grant, slot: slot, nowMillis: plan.nowMillis)
      else { continue }
      plan.add(.gateRaised(.grant(slot), position: plan.position))
    }
  }

  private func endCodes(ofUser userSlot: UInt32, toApp appSlot: UInt32, _ plan: inout Plan) {
    #if PLANTED
      if planted(.deauthorizingKeepsCodes) { return }
    #endif
    for slot in codeSlots(ofUser: userSlot) where codes[slot]?.appSlot == appSlot {
      plan.add(.codeFreed(slot))
    }
  }

  private func forgetConsents(
    ofUser userSlot: UInt32, toApp appSlot: UInt32, _ plan: inout Plan
  ) {
    for slot in consentSlots(ofUser: userSlot) where consents[slot]?.appSlot == appSlot {
      plan.add(.consentFreed(slot))
    }
  }
}
