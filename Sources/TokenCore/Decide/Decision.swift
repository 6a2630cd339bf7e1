/// What an operation comes to, before anything has changed.
public struct Decision: Sendable, Equatable {
  public var effects: [Effect]
  public var outcome: Outcome
}

/// A committed operation: what happened, for the journal, and what to answer.
public struct Commit: Sendable, Equatable {
  /// The position at which it was decided: its own if it changed anything, else the last one.
  public var position: UInt64
  /// Reclaim included; empty if nothing changed.
  public var effects: [Effect]
  public var outcome: Outcome
}

extension ServiceState {
  /// Decides and applies one operation: the body of the commit lane.
  public mutating func commit(_ operation: Operation, _ call: Call) -> Commit {
    let next = position + 1
    var effects: [Effect] = []
    if let clientID = operation.clientID { keepDecoded(clientID) }
    if operation.isMutation && mayReclaim(call) {
      effects = reclaim(nowMillis: call.nowMillis, newTokens: operation.newTokenCount)
      perform(effects)
    }
    let decision = decide(operation, call)
    perform(decision.effects)
    if effects.isEmpty { effects = decision.effects } else { effects += decision.effects }
    if !effects.isEmpty { position = next }
    return Commit(position: position, effects: kept(effects), outcome: decision.outcome)
  }

  private func mayReclaim(_ call: Call) -> Bool {
    #if PLANTED
      if planted(.reclaimTrustsAnyClock) { return true }
    #endif
    return call.mayReclaim
  }

  /// All of them: a commit is on the disk whole or not at all.
  private func kept(_ effects: [Effect]) -> [Effect] {
    #if PLANTED
      if planted(.redemptionNotJournaled) { return effects.filter { !$0.isRedemption } }
      if planted(.retryNotJournaled) { return effects.filter { !$0.isRetry } }
    #endif
    return effects
  }

  /// Judges an operation against the state as it is. Pure: the same operation, call and state give
  /// the same decision.
  public func decide(_ operation: Operation, _ call: Call) -> Decision {
    if let retry = call.retry, let earlier = findRetry(call.peerUID, retry.key),
      call.nowMillis < earlier.atMillis + Limits.retryWindowMillis
    {
      return replay(earlier, retry, operation, call)
    }
    var plan = Plan(position: position + 1, call: call)
    var outcome: Outcome
    var effects: [Effect]
    do throws(Refusal) {
      outcome = try judge(operation, &plan)
      effects = plan.effects
      if let retry = call.retry, let stored = stored(outcome, plan) {
        effects.append(remember(retry, stored, plan))
      }
    } catch {
      outcome = .refused(error)
      effects = plan.effectsOfRefusal
    }
    if let audit = plan.audit { effects.append(record(audit, outcome, plan)) }
    if !effects.isEmpty { effects += moments(plan) }
    return Decision(effects: effects, outcome: outcome)
  }

  private func record(_ subject: AuditSubject, _ outcome: Outcome, _ plan: Plan) -> Effect {
    var refusal: UInt16 = 0
    if case .refused(let reason) = outcome { refusal = reason.reason.rawValue }
    let slot = derived.lastAuditSlot % UInt32(auditTrail.capacity) + 1
    return .audit(
      slot,
      AuditRecord(
        position: plan.position, atMillis: plan.nowMillis, event: subject.event,
        refusal: refusal, peerUID: plan.call.peerUID, actor: subject.actor, user: subject.user,
        clientID: subject.clientID))
  }

  private func remember(_ retry: RetryRequest, _ stored: StoredOutcome, _ plan: Plan) -> Effect {
    let slot = derived.lastRetrySlot % UInt32(retries.capacity) + 1
    return .retry(
      slot,
      RetryRecord(
        peerUID: plan.call.peerUID, key: retry.key, operation: retry.operation,
        bodyDigest: retry.bodyDigest, seed: retry.seed, keyID: retry.keyID,
        position: plan.position, atMillis: plan.nowMillis, outcome: stored))
  }

  private func moments(_ plan: Plan) -> [Effect] {
    derived.timeLine.slots(atMillis: plan.nowMillis).map {
      .moment($0, Moment(position: plan.position, atMillis: plan.nowMillis))
    }
  }
}
