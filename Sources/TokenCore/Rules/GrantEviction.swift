extension ServiceState {
  /// F49: a person has at most `grants-per-user` live grants; the oldest ones go, in the same
  /// commit, before new ones are made. Costs one look at each of the person's grants, and only
  /// where the limit would be passed.
  ///
  /// - Parameter count: how many new ones there will be; at most the limit.
  func makeRoom(
    forGrants count: Int, ofUser userSlot: UInt32, _ plan: inout Plan
  ) {
    let limit = Int(settings.grantsPerUser)
    guard userSlot != 0, Int(derived.grantCountOfUser[userSlot]) + count > limit else { return }
    var live: [(slot: UInt32, grant: Grant)] = []
    var freed = 0
    for slot in grantSlots(ofUser: userSlot) {
      guard let grant = grants[slot] else { continue }
      if isAlive(grant, slot: slot, nowMillis: plan.nowMillis) {
        live.append((slot, grant))
      } else if mayFree(grant, slot, plan) && freed < Limits.freedGrantsPerMutation {
        free(grant, slot, &plan)
        freed += 1
      }
    }
    let excess = live.count + count - limit
    guard excess > 0 else { return }
    live.sort { ($0.grant.position, $0.slot) < ($1.grant.position, $1.slot) }
    #if PLANTED
      if planted(.newestGrantIsEvicted) { live.reverse() }
    #endif
    for (slot, _) in live.prefix(excess) {
      plan.add(.gateRaised(.grant(slot), position: plan.position))
    }
  }

  /// One below a gate is dead for good, whatever the time is: so the person's rows stay as few as
  /// the limit says while the clock is suspect, too.
  private func mayFree(_ grant: Grant, _ slot: UInt32, _ plan: Plan) -> Bool {
    plan.call.mayReclaim
      || !isOpen(
        grant: slot, app: grant.appSlot, user: grant.userSlot, position: grant.position)
  }

  /// A dead grant met on the way goes at once: it would be looked at again the next time.
  private func free(_ grant: Grant, _ slot: UInt32, _ plan: inout Plan) {
    if let family = familySlot(of: grant, slot) { plan.add(.familyFreed(family)) }
    plan.add(.grantFreed(slot))
  }
}
