#if PLANTED
  internal import TokenCore

  /// Deliberate bugs of this module, one at a time, to prove that a test would notice
  /// (Tests/PLANTED.md, Tests/SEEDED.md). They exist in debug builds made with SIGNET_PLANTED=1
  /// only; the variable SIGNET_PLANTED_BUG chooses one when the process starts.
  enum PlantedBug: String {
    case actingNotChecked,
      answersAfterAnError,
      answersBeforeTheSync,
      audienceSkipped,
      grantsOnAFullDisk,
      keptInMemorySaidDurable,
      publishedBeforeDurable,
      refusalsNotHeld,
      releasedBeforeWritten,
      releasedOneShort,
      restoreKeepsTokens,
      revocationsNotSynced,
      scopeSkipped
  }

  func planted(_ bug: PlantedBug) -> Bool { bug == plantedBug }

  private let plantedBug: PlantedBug? = unsafe getenv("SIGNET_PLANTED_BUG").flatMap {
    unsafe PlantedBug(rawValue: String(cString: $0))
  }

  @_silgen_name("getenv")
  private func getenv(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar>?

  extension LaneTurn {
    /// The refusals; they are no longer the turn's.
    mutating func takeRefusals() -> [[LaneReply<LaneResult>]] {
      let taken = replies.map { $0.filter { $0.outcome.content.isRefusal } }
      replies = replies.map { $0.filter { !$0.outcome.content.isRefusal } }
      return taken
    }
  }

  extension LaneResult.Content {
    fileprivate var isRefusal: Bool {
      if case .outcome(_, .refused) = self { true } else { false }
    }
  }
#endif
