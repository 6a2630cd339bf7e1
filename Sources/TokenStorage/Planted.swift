#if PLANTED
  internal import LinuxIO
  internal import TokenCrypto

  /// Deliberate bugs of this module, one at a time, to prove that a test would notice
  /// (Tests/SEEDED.md). They exist in debug builds made with SIGNET_PLANTED=1 only; the variable
  /// SIGNET_PLANTED_BUG chooses one when the process starts.
  enum PlantedBug: String {
    case anyFaultIsATail,
      appendsToTheOldSegment,
      batchSyncSkipped,
      chainNotChecked,
      directorySyncSkipped,
      fileMACNotChecked,
      goesOnAfterAnError,
      lastPageLost,
      namedBeforeItsSync,
      nonceReused,
      positionOffByOneAtRotation,
      publishedBeforeDurable,
      reserveUsedForGrants,
      retiredByTheNewest,
      sealBeforeSync,
      snapshotNameNotSynced,
      snapshotPositionSkipped,
      syncErrorIgnored,
      syncRetried,
      unsyncedFlagDropped,
      unsyncedTailTrusted,
      witnessBeforeSync,
      witnessIgnored
  }

  func planted(_ bug: PlantedBug) -> Bool { bug == plantedBug }

  private let plantedBug: PlantedBug? = unsafe getenv("SIGNET_PLANTED_BUG").flatMap {
    unsafe PlantedBug(rawValue: String(cString: $0))
  }

  @_silgen_name("getenv")
  private func getenv(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar>?

  extension JournalWriter {
    /// A start that writes on where the last batch ended, under the old segment's key.
    mutating func goOnInside(_ end: JournalEnd) throws(SystemError) {
      let file = try disk.open(end.segment, isWritable: true)
      let segment = PreparedSegment(file: file, byteCount: try file.byteCount())
      let old = ActiveSegment(
        segment, isReserve: false, cipher: JournalCipher(root, segmentNonce: end.segmentNonce))
      old.offset = end.endOffset
      active = old
    }
  }

  extension TornTail {
    init(_ file: String, _ range: Range<Int>) {
      self.init(file: file, range: range, unsyncedBatches: 0)
    }
  }
#endif
