// REVOKE_APP, REVOKE_BEFORE: one gate each, however many tokens there are. They work with the
// provider off.

extension ServiceState {
  /// Every token, refresh token and code of the application; it stays registered, consents stay.
  func revokeApp(_ clientID: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.appRevoked, clientID: clientID)
    let (slot, _) = try requireApp(clientID)
    plan.add(.gateRaised(.app(slot), position: plan.position))
    return .done
  }

  /// F39: everything issued before a time, by everybody; 0 = before now, up to this very commit.
  /// A time in the future is refused: a gate closes over what exists, never over what will.
  ///
  /// The answer is the position that the service's gate has from now on.
  func revokeBefore(_ millis: UInt64, _ plan: inout Plan) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(event: .revokedBefore)
    var isPast = millis <= plan.nowMillis
    #if PLANTED
      if planted(.futureIsRevoked) { isPast = true }
    #endif
    guard isPast else {
      throw Refusal(
        .futureTime, field: "before",
        "the time is in the future; tokens are revoked by when they were issued, so give a time "
          + "up to now, or 0 for now")
    }
    let position = millis == 0 ? plan.position : lastPosition(before: millis, plan)
    if position > 0 { plan.add(.gateRaised(.service, position: position)) }
    return .gate(max(position, gates.position(of: .service)))
  }

  /// A position that no commit before the time lies above. Time and position grow together, so
  /// every commit before T comes before each one known to be at T or later: the first of those,
  /// less one. Moments are samples (one a second, thinner with age), so commits between T and that
  /// sample are counted in: the rounding is towards revoking more. Where no sample is as late as T,
  /// this commit is.
  private func lastPosition(before millis: UInt64, _ plan: Plan) -> UInt64 {
    var first = plan.position
    for slot in stride(from: UInt32(1), through: UInt32(moments.highWater), by: 1)
    where moments.isLive(slot) {
      // Two words of each of at most 14,336 slots: no record is decoded.
      guard moments.word(slot, Moment.timeOffset) >= millis else { continue }
      first = min(first, moments.word(slot, Moment.positionOffset))
    }
    return first - 1
  }
}
