#if PLANTED
  /// Deliberate bugs of this module, one at a time, to prove that a test would notice
  /// (Tests/PLANTED.md). They exist in debug builds made with SIGNET_PLANTED=1 only; the variable
  /// SIGNET_PLANTED_BUG chooses one when the process starts.
  enum PlantedBug: String {
    case anybodyPassesAsATrustedPublicClient,
      anybodySetsTrust,
      clientRevokesForeignTokens,
      clientSeesForeignTokens,
      codeNotBoundToClient,
      codeRedeemedTwice,
      deauthorizingKeepsCodes,
      denyIsRemembered,
      disabledPersonActs,
      enablingRevivesTokens,
      futureIsRevoked,
      graceAcceptsOlderGenerations,
      keyFitsAnyBody,
      keyRetiredUnderLiveTokens,
      misusedCodeStaysGood,
      newestGrantIsEvicted,
      oldSecretAccepted,
      ownerKeepsTrustAfterEdit,
      pkceDowngradeAccepted,
      providerOffGrants,
      redirectMatchedByPrefix,
      redirectNotBoundToCode,
      refreshWidensScopes,
      replayRevokesNothing,
      reuseKeepsTheFamily,
      rotationKeepsTheOldAccessToken,
      slotReuseLeavesItsGateOpen,
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
#endif
