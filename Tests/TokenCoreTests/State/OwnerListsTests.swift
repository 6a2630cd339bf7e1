import Testing

@testable import TokenCore

@Suite struct OwnerListsTests {
  private func slots(_ lists: OwnerLists, of owner: UInt32) -> [UInt32] {
    var slots: [UInt32] = []
    var slot = lists.first(of: owner)
    while slot != 0 {
      slots.append(slot)
      slot = lists.next(after: slot)
    }
    return slots
  }

  @Test func agreesWithDictionariesUnderRandomChanges() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed)
      var lists = OwnerLists(owners: 5, slots: 40)
      var model: [UInt32: [UInt32]] = [:]
      var owner: [UInt32: UInt32] = [:]
      for _ in 0..<300 {
        let slot = UInt32(random.below(40)) + 1
        if let present = owner[slot] {
          lists.remove(slot, from: present)
          model[present]?.removeAll { $0 == slot }
          owner[slot] = nil
        } else {
          let new = UInt32(random.below(5)) + 1
          lists.append(slot, to: new)
          model[new, default: []].append(slot)
          owner[slot] = new
        }
      }
      for one in 1...5 as ClosedRange<UInt32> {
        #expect(slots(lists, of: one) == model[one, default: []], "seed \(seed)")
      }
    }
  }
}
