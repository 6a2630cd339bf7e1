import Testing

@testable import TokenCore

/// A replay takes slots in the order of another process's stack.
@Suite struct FreeSlotsReplayTests {
  @Test(arguments: [1, 2] as [UInt64])
  func `slots far below the top are taken as those at the top`(seed: UInt64) {
    var random = SplitMix64(seed)
    let capacity = 4 * FreeSlots.searchDepth
    var slots = FreeSlots(capacity: capacity)
    slots.rebuild(highWater: capacity - 10) { $0 % 2 == 0 }
    var free = Set((1...UInt32(capacity - 10)).filter { $0 % 2 == 1 })
    #expect(free.count > FreeSlots.searchDepth)
    // The highest lies deepest: found by the places, which are kept up from then on.
    let order = free.sorted(by: >).prefix(500) + free.shuffled(using: &random).prefix(500)
    for slot in order where free.remove(slot) != nil {
      slots.take(slot)
      #expect(!slots.isFree(slot))
      if random.below(3) == 0 {
        slots.give(slot)
        free.insert(slot)
        #expect(slots.peek(0) == slot)
      }
      // Past the highest slot ever used, too.
      if random.below(100) == 0, slots.highWater + 2 <= capacity {
        let above = UInt32(slots.highWater + 2)
        slots.take(above)
        free.insert(above - 1)
      }
    }
    #expect(slots.takenCount == slots.highWater - free.count)
    let peeked = (0..<free.count).compactMap { slots.peek($0) }
    #expect(Set(peeked) == free)
    for slot in peeked { slots.take(slot) }
    #expect(slots.takenCount == slots.highWater)
  }
}
