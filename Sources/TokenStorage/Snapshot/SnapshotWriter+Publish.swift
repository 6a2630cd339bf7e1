internal import LinuxIO
internal import TokenCrypto

extension SnapshotWriter {
  /// Snapshots that are kept: should the newest one rot, the other one and the journal since then
  /// still give everything.
  static let keptCount = 2

  /// Gives the snapshot its name, then removes what is no longer needed: snapshots but for the two
  /// newest, and segments that lie wholly at or before the older one of these.
  ///
  /// - Parameters:
  ///   - released: the last durable commit; the snapshot's position is not above it.
  ///   - distrusted: snapshots that recovery found damaged: removed, and not counted.
  /// - Returns: the names that were removed. After an error all that is needed is still there.
  @discardableResult
  public func publish(
    _ written: WrittenSnapshot, released: UInt64, distrusted: [String] = []
  ) throws(SnapshotError) -> [String] {
    precondition(
      isCovered(written, released), "a snapshot is published after the journal up to it")
    do throws(SystemError) {
      try name(written)
      // It may have taken the place of one of them.
      return try retire(distrusted.filter { $0 != written.name })
    } catch {
      throw SnapshotError(error)
    }
  }

  private func isCovered(_ written: WrittenSnapshot, _ released: UInt64) -> Bool {
    #if PLANTED
      if planted(.publishedBeforeDurable) { return true }
    #endif
    return released >= written.position
  }

  /// Only gives the snapshot its name: for a directory without a journal, such as a backup's.
  public func publishAlone(_ written: WrittenSnapshot) throws(SnapshotError) {
    do throws(SystemError) {
      try name(written)
    } catch {
      throw SnapshotError(error)
    }
  }

  private func name(_ written: WrittenSnapshot) throws(SystemError) {
    try disk.rename(SnapshotNames.temporary, to: written.name)
    #if PLANTED
      if planted(.snapshotNameNotSynced) { return }
    #endif
    try disk.syncDirectory()
  }

  private func retire(_ distrusted: [String]) throws(SystemError) -> [String] {
    let names = try disk.list()
    let good = SnapshotNames.snapshots(names).filter { !distrusted.contains($0.name) }
    var removed: [String] = []
    for (name, _) in good.dropFirst(Self.keptCount) {
      try disk.unlink(name)
      removed.append(name)
    }
    for name in distrusted where names.contains(name) {
      try disk.unlink(name)
      removed.append(name)
    }
    if !removed.isEmpty { try disk.syncDirectory() }
    guard good.count >= Self.keptCount else { return removed }
    for name in try retirable(names, upTo: covered(good.map(\.position))) {
      try disk.unlink(name)
      // Each by itself: a hole in the chain, left by a crash between two names, would be a refusal.
      try disk.syncDirectory()
      removed.append(name)
    }
    return removed
  }

  /// Up to where the older of the kept snapshots holds everything.
  private func covered(_ positions: [UInt64]) -> UInt64 {
    #if PLANTED
      if planted(.retiredByTheNewest) { return positions[0] }
    #endif
    return positions[Self.keptCount - 1]
  }

  /// The segments, oldest first, that hold nothing above the position and have a successor. None
  /// where the chain is not plain to see, as while the journal's thread is renaming.
  private func retirable(
    _ names: [String], upTo position: UInt64
  ) throws(SystemError) -> [String] {
    let mac = JournalMAC(root)
    var segments: [SegmentOrder.Segment] = []
    for name in names where JournalNames.isSegment(name) && name != JournalNames.reserve {
      let bytes = try disk.open(name, isWritable: false).read(
        byteCount: journalBlockBytes, at: 0)
      guard let header = try? SegmentHeader(bytes, mac), header.instance == instance else {
        return []
      }
      segments.append((name, header, 0))
    }
    guard !segments.isEmpty, let chain = try? SegmentOrder.follow(segments) else { return [] }
    var retirable: [String] = []
    for (segment, next) in zip(chain, chain.dropFirst()) {
      guard next.header.firstPosition <= position + 1 else { break }
      retirable.append(segment.name)
    }
    return retirable
  }
}
