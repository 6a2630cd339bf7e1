/// How many records refer to each slot of a table, so that a slot gets a new owner only when
/// nothing refers to the old one. Derived memory, rebuilt after a restart: 4 bytes for each slot
/// ever referred to.
struct ReferenceCounts {
  private var counts: [UInt32] = []

  /// - Parameter slots: the highest slot. Address space only is reserved, as in ``OwnerLists``.
  init(slots: Int) { counts.reserveCapacity(slots + 1) }

  subscript(slot: UInt32) -> UInt32 { Int(slot) < counts.count ? counts[Int(slot)] : 0 }

  /// Slot 0 stands for nothing and is not counted.
  mutating func retain(_ slot: UInt32) {
    guard slot != 0 else { return }
    while counts.count <= Int(slot) { counts.append(0) }
    counts[Int(slot)] += 1
  }

  mutating func release(_ slot: UInt32) {
    guard slot != 0 else { return }
    precondition(self[slot] > 0, "a reference was released that was never taken")
    counts[Int(slot)] -= 1
  }
}
