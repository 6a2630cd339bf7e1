#if PLANTED
  /// Deliberate bugs of this module, one at a time, to prove that a test would notice
  /// (Tests/PLANTED.md, Tests/SEEDED.md). They exist in debug builds made with SIGNET_PLANTED=1
  /// only; the variable SIGNET_PLANTED_BUG chooses one when the process starts.
  enum PlantedBug: String {
    case abandonedCutGoesOn,
      anybodyPassesAsATrustedPublicClient,
      anybodySetsTrust,
      blockMarksItsPage,
      clientRevokesForeignTokens,
      clientSeesForeignTokens,
      codeNotBoundToClient,
      codeRedeemedTwice,
      deauthorizingKeepsCodes,
      denialWaitsForTheDisk,
      denyIsRemembered,
      disabledPersonActs,
      enablingRevivesTokens,
      futureIsRevoked,
      gateResetOnSlotReuse,
      graceAcceptsOlderGenerations,
      keyFitsAnyBody,
      keyRetiredUnderLiveTokens,
      misusedCodeStaysGood,
      newestGrantIsEvicted,
      oldSecretAccepted,
      ownerKeepsTrustAfterEdit,
      pageNotSavedBeforeItChanges,
      pkceDowngradeAccepted,
      providerOffGrants,
      reclaimTrustsAnyClock,
      reclaimsWhileTheProviderIsOff,
      redeemedCodeForgotten,
      redemptionNotJournaled,
      redirectMatchedByPrefix,
      redirectNotBoundToCode,
      refreshWidensScopes,
      replayByThePrimaryKey,
      replayRevokesNothing,
      retryNotJournaled,
      retryNotJudgedAgain,
      reuseKeepsTheFamily,
      revocationPurgedEarly,
      rotationKeepsTheOldAccessToken,
      savedBlockForgotten,
      slotReuseLeavesItsGateOpen,
      stateNotCheckedAgain,
      strangerManagesApps,
      tagTakenForAnId,
      ticketAnsweredTwice,
      ticketOfAnybody,
      verifierIgnored,
      widerScopesPassUnasked
  }

  func planted(_ bug: PlantedBug) -> Bool { bug == plantedBug }

  private let plantedBug: PlantedBug? = unsafe getenv("SIGNET_PLANTED_BUG").flatMap {
    unsafe PlantedBug(rawValue: String(cString: $0))
  }

  @_silgen_name("getenv")
  private func getenv(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar>?

  extension Gates {
    /// What no gate does.
    func reset(_ gate: Gate) {
      let (span, word) = place(gate)
      span.willChange(word: word, count: 1)
      span.words.storeReleasing(word, 0)
    }
  }

  extension ServiceState {
    func rememberDenial(
      _ ticket: ConsentTicket, _ slot: UInt32, _ plan: inout Plan
    ) throws(Refusal) {
      try remember(ticket, slot, try plan.userSlot(ticket.user, self), &plan)
    }
  }

  extension Effect {
    var isRedemption: Bool {
      if case .code(_, let code) = self { code.state == .redeemed } else { false }
    }

    var isRetry: Bool { if case .retry = self { true } else { false } }
  }
#endif
