extension ServiceState {
  /// Bytes of changed blocks that a snapshot under way may keep from before.
  public static var savedLimitBytes: Int { 256 << 20 }

  /// Makes a cut of all tables at ``position``, to be called by the lane between two commits. Costs
  /// one look at every page's mark; from then on the first change of each block costs a copy of
  /// it, until the snapshot has its page or the cut is ended.
  ///
  /// Everything durable lies in the pages. What does not is not durable in a journal either: the
  /// counts of failed authentications, of new texts by application, and the time of the last
  /// dynamic registration, which only slow abuse down and begin anew at a start.
  ///
  /// - Returns: nil while another snapshot is under way.
  public func beginSnapshot(savedLimitBytes: Int = Self.savedLimitBytes) -> SnapshotCut? {
    if let saved = arena.marks.saved, !saved.isEnded { return nil }
    let pages = Arena.durablePages(arena.layout).filter { arena.marks.isUsed(page: $0) }
    let saved = SavedPages(
      arena.words, pages: pages,
      pageCount: arena.layout.durableByteCount / ArenaLayout.pageBytes,
      limitBytes: savedLimitBytes)
    arena.marks.begin(saved)
    return SnapshotCut(
      position: position, layout: arena.layout, tables: tableUse, pages: pages, saved: saved)
  }

  /// Forgets the last cut, ended or not. The lane's; ``SnapshotCut/end()`` is enough where another
  /// cut will follow.
  public func endSnapshot() {
    arena.marks.saved?.end()
    arena.marks.end()
  }

  /// How much of each table is in use, in the order of ``TableUse/names``.
  public var tableUse: [TableUse] {
    func use<Record: StoredRecord>(_ table: borrowing StoredTable<Record>) -> (Int, Int, Int) {
      (table.liveCount, table.highWater, table.capacity)
    }
    let numbers = [
      (tokens.liveCount, tokens.highWater, tokens.capacity),
      (scopeSets.count, scopeSets.count, scopeSets.capacity),
      (audiences.count, audiences.count, audiences.capacity),
      use(apps), use(users), use(grants), use(families), use(codes), use(consents), use(tickets),
      use(retries), use(auditTrail), use(moments), use(keys), use(settingsTable),
    ]
    return zip(TableUse.names, numbers).map { name, number in
      TableUse(name: name, live: number.0, highWater: number.1, capacity: number.2)
    }
  }
}
