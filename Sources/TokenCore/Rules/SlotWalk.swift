/// One page of a list, in the order of slots. The cursor is the last slot that was looked at, so a
/// list that is changed meanwhile neither repeats an entry nor loses one that stays.
///
/// A page ends where its bytes are used up, but not before it has one entry, or when
/// ``Limits/listScanSlots`` slots were looked at: a page may be empty and the list go on.
struct SlotWalk {
  private var budget: PageBudget
  private let highWater: UInt32
  private let lastSlot: UInt32
  private var slot: UInt32
  private var isFull = false

  init(_ page: Page, highWater: Int) {
    budget = PageBudget(page)
    self.highWater = UInt32(highWater)
    slot = UInt32(clamping: min(page.cursor, UInt64(highWater)))
    lastSlot = min(self.highWater, slot + UInt32(Limits.listScanSlots))
  }

  /// The next slot to look at; nil at the end of the page.
  mutating func next() -> UInt32? {
    guard !isFull, slot < lastSlot else { return nil }
    slot += 1
    return slot
  }

  /// Whether the entry just looked at has room. If not, the page ends before it.
  mutating func takes(_ byteCount: Int) -> Bool {
    if budget.take(byteCount) { return true }
    isFull = true
    slot -= 1
    return false
  }

  /// The cursor of the page after; 0 at the end of the list.
  var cursor: UInt64 { slot < highWater ? UInt64(slot) : 0 }
}
