extension TokenSpace {
  /// The next few slots whose tokens can be freed for good, for the issuing of a new one: expired,
  /// or below a gate. Changes nothing; the lane makes effects of it. O(`count`).
  ///
  /// - Parameters:
  ///   - cursor: the slot examined last; 0 to begin with.
  ///   - count: how many slots to examine, around the end of the slab to its beginning.
  ///   - highWater: the slab's highest slot ever used.
  ///   - nowSeconds: Unix seconds; the earlier clock when two disagree, because it frees.
  /// - Returns: the slots, and the cursor to go on from.
  public func reclaimable(
    after cursor: UInt32, examining count: Int, highWater: Int, nowSeconds: UInt32
  ) -> (slots: [UInt32], cursor: UInt32) {
    var slots: [UInt32] = []
    var slot = Int(cursor)
    for _ in 0..<min(count, highWater) {
      slot = slot >= highWater ? 1 : slot + 1
      if let record = slab.load(UInt32(slot)), isReclaimable(record, nowSeconds: nowSeconds) {
        slots.append(UInt32(slot))
      }
    }
    return (slots, UInt32(slot))
  }
}
