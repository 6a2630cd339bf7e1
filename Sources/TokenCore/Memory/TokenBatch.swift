extension TokenSpace {
  /// How many look-ups are in flight together.
  private static let width = 32

  /// As many single look-ups, with their cache misses overlapped: all index lines first, then all
  /// records, then the gates. `released` is read once, before everything else.
  ///
  /// - Parameter answers: as many as `ids`; all are set.
  public func lookup(
    _ ids: Span<TokenID>, nowSeconds: UInt32, into answers: inout MutableSpan<TokenAnswer>
  ) {
    precondition(answers.count == ids.count, "one answer for each id")
    let released = gates.released
    var first = 0
    while first < ids.count {
      let count = min(Self.width, ids.count - first)
      lookup(ids.extracting(first..<first + count), released, nowSeconds, &answers, first)
      first += count
    }
  }

  private func lookup(
    _ ids: Span<TokenID>, _ released: UInt64, _ nowSeconds: UInt32,
    _ answers: inout MutableSpan<TokenAnswer>, _ first: Int
  ) {
    var sink: UInt64 = 0
    for place in 0..<ids.count {
      let hash = ids[place].hash
      sink ^= index.segment(hash).load(IndexSegment.homeLine(hash), 0)
    }
    var slots = InlineArray<32, UInt32>(repeating: 0)
    for place in 0..<ids.count {
      var probe = index.probe(ids[place].hash)
      let slot = probe.next() ?? 0
      slots[place] = slot
      sink ^= slab.touch(slot)
    }
    for place in 0..<ids.count {
      let id = ids[place]
      var found: (slot: UInt32, record: TokenRecord)?
      if slots[place] != 0 {
        if let record = slab.read(slots[place]), record.id == id {
          found = (slots[place], record)
        } else {
          found = find(id)
        }
      }
      answers[first + place] = answer(found, released: released, nowSeconds: nowSeconds)
    }
    keepAlive(sink)
  }

  /// Keeps the touching loads from being thrown away.
  @inline(never)
  private func keepAlive(_ sink: UInt64) {}
}
