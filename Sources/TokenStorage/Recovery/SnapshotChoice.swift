internal import TokenCore
internal import TokenCrypto

/// The snapshot that a start goes on from: the newest one, or, where that has rotted, the one
/// before it, as long as the journal since then is there.
struct SnapshotChoice: Sendable {
  /// nil = none is usable, and the journal must hold everything from position 1 on.
  var snapshot: SnapshotSummary?
  /// Newer than that, and damaged; newest first.
  var rotten: [RecoveryRefusal] = []
  /// The position of the newest one, damaged or not; 0 = there is none.
  var newestPosition: UInt64 = 0

  var position: UInt64 { snapshot?.position ?? 0 }

  /// - Parameter arena: filled with the chosen one; as empty as before where there is none.
  static func choose(
    _ disk: any Disk, _ root: RootKey, _ names: [String], instance: Block128, into arena: Arena?,
    progress: (Int, Int) -> Void
  ) throws(RecoveryRefusal) -> SnapshotChoice {
    var choice = SnapshotChoice()
    let snapshots = SnapshotNames.snapshots(names)
    choice.newestPosition = snapshots.first?.position ?? 0
    for (name, _) in snapshots {
      do throws(SnapshotFault) {
        choice.snapshot = try SnapshotReader.read(
          disk, name, root, instance: instance, into: arena, progress: progress)
        break
      } catch {
        guard error.isRot else { throw error.refusal }
        choice.rotten.append(error.refusal)
      }
    }
    return choice
  }

  /// Holds the journal that was read against the snapshots.
  func judge(
    _ verdict: RecoveryVerdict, _ options: RecoveryOptions
  ) -> RecoveryVerdict {
    switch verdict {
    case .fresh: return verdict
    case .clean(let end): return judge(end, options, RecoveryVerdict.clean)
    case .tornTail(let end, let tail):
      return judge(end, options) { .tornTail($0, tail) }
    case .refused(let refusal):
      guard refusal.reason == .damaged, let first = rotten.first else { return verdict }
      // What is missing is missing because the snapshot took its place: name that first.
      return .refused(
        RecoveryRefusal(
          reason: .damaged, file: first.file, offset: first.offset,
          found: "\(first.found), and without it: \(refusal.file): \(refusal.found)",
          advice: first.advice))
    }
  }

  private func judge(
    _ found: JournalEnd, _ options: RecoveryOptions, _ wrap: (JournalEnd) -> RecoveryVerdict
  ) -> RecoveryVerdict {
    guard newestPosition <= found.lastPosition else {
      return .refused(
        .damaged(
          found.segment,
          "the journal ends at position \(found.lastPosition), and a snapshot was taken at "
            + "\(newestPosition)",
          "the newest segments are missing: put them back, or restore a backup"))
    }
    var end = found
    end.wallMillis = max(end.wallMillis, snapshot?.wallMillis ?? 0)
    if let snapshot, let now = options.nowMillis, !options.acceptsEarlierClock,
      snapshot.wallMillis > now + TrustedClock.toleranceMillis
    {
      return .refused(
        RecoveryRefusal(
          reason: .clockBehind, file: snapshot.file, offset: nil,
          found: "the snapshot was made at \(snapshot.wallMillis) ms and the clock says \(now) ms",
          advice: RecoveryRefusal.earlierClockAdvice))
    }
    return wrap(end)
  }

  var notes: [String] {
    rotten.map { refusal in
      "\(refusal.file): \(refusal.found); "
        + (snapshot.map { "\($0.file) and the journal since then were used" }
          ?? "the journal holds everything and was used")
        + "; the file was left for you to look at, and the next snapshot replaces it"
    }
  }
}
