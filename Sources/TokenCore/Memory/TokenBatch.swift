extension TokenSpace {
  /// As many single look-ups, with their cache misses overlapped: all index lines first, then all
  /// records, then all gates, then the verdicts. `released` is read once, before everything else.
  ///
  /// - Parameter answers: as many as `ids`; all are set.
  public func lookup(
    _ ids: Span<TokenID>, nowSeconds: UInt32, into answers: inout MutableSpan<TokenAnswer>
  ) {
    precondition(answers.count == ids.count, "one answer for each id")
    let released = gates.released
    var slots = InlineArray<32, UInt32>(repeating: 0)
    var first = 0
    while first < ids.count {
      let end = min(first + slots.count, ids.count)
      fetch(ids, first, end, &slots)
      for place in first..<end {
        let id = ids[place]
        let slot = slots[place &- first]
        if slot != 0, let record = slab.load(slot), record.id == id {
          answers[place] = answer((slot, record), released: released, nowSeconds: nowSeconds)
        } else {
          answers[place] = answer(findFurther(id), released: released, nowSeconds: nowSeconds)
        }
      }
      first = end
    }
  }

  /// Sets the slots that the home lines name, and has every cache line that the verdicts need on
  /// its way: an atomic load whose value is not used is made all the same, and is a prefetch.
  @inline(__always)
  private func fetch(
    _ ids: Span<TokenID>, _ first: Int, _ end: Int, _ slots: inout InlineArray<32, UInt32>
  ) {
    var segments = InlineArray<32, UInt64>(repeating: 0)
    let directory = index.directory
    for place in first..<end {
      let hash = ids[place].hash
      let address = directory.segmentAddress(directory.place(hash))
      segments[place &- first] = address
      _ = IndexSegment(address: address).load(IndexSegment.homeLine(hash), 0)
    }
    for place in first..<end {
      let slot = IndexSegment(address: segments[place &- first]).slotAtHome(ids[place].hash)
      slots[place &- first] = slot
      slab.touch(slot)
    }
    for place in 0..<end &- first {
      let owners = slab.owners(slots[place])
      gates.touch(grant: owners.grant, app: owners.app, user: owners.user)
    }
  }
}
