import Testing

@testable import TokenCore

@Suite struct FreeSlotsTests {
  @Test func `fresh slots come in order from 1 and end at the capacity`() {
    let slots = FreeSlots(capacity: 3)
    #expect((0..<5).map { slots.peek($0) } == [1, 2, 3, nil, nil])
  }

  @Test func `the slot freed last is the first to be taken`() {
    var slots = FreeSlots(capacity: 10)
    for slot in 1...5 as ClosedRange<UInt32> { slots.take(slot) }
    slots.give(2)
    slots.give(4)
    #expect((0..<4).map { slots.peek($0) } == [4, 2, 6, 7])
  }

  @Test func `slots skipped by a take become free ones`() {
    var slots = FreeSlots(capacity: 10)
    slots.take(4)
    #expect(slots.highWater == 4)
    #expect(slots.takenCount == 1)
    #expect(Set((0..<3).compactMap { slots.peek($0) }) == [1, 2, 3])
    #expect(slots.peek(3) == 5)
  }

  /// Decide peeks, apply takes: in the order peeked, after frees that came in between.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a peek equals what is taken later`(seed: UInt64) {
    var random = SplitMix64(seed)
    var slots = FreeSlots(capacity: 400)
    var taken: Set<UInt32> = []
    for _ in 0..<3_000 {
      let wanted = random.below(5)
      let peeked = (0..<wanted).compactMap { slots.peek($0) }
      #expect(Set(peeked).count == peeked.count)
      #expect(peeked.count == min(wanted, 400 - taken.count))
      #expect(taken.isDisjoint(with: peeked))
      if random.below(2) == 0 {
        for slot in peeked {
          #expect(slots.peek(0) == slot)
          slots.take(slot)
          taken.insert(slot)
        }
      } else {
        for slot in taken.shuffled(using: &random).prefix(random.below(5)) {
          slots.give(slot)
          taken.remove(slot)
        }
        for slot in peeked.shuffled(using: &random) {
          slots.take(slot)
          taken.insert(slot)
        }
      }
      #expect(slots.takenCount == taken.count)
    }
    for slot in 1...400 as ClosedRange<UInt32> {
      #expect(slots.isFree(slot) == !taken.contains(slot))
    }
  }

  @Test func `a rebuild finds the same free slots`() {
    var slots = FreeSlots(capacity: 9)
    slots.rebuild(highWater: 6) { [2, 3, 6].contains($0) }
    #expect(slots.takenCount == 3)
    #expect((0..<7).map { slots.peek($0) } == [1, 4, 5, 7, 8, 9, nil])
  }

  @Test func `taking a taken slot traps`() async {
    await #expect(processExitsWith: .failure) {
      var slots = FreeSlots(capacity: 9)
      slots.take(1)
      slots.take(1)
    }
  }

  @Test func `giving a free slot traps`() async {
    await #expect(processExitsWith: .failure) {
      var slots = FreeSlots(capacity: 9)
      slots.take(2)
      slots.give(1)
    }
  }
}
