import Testing

@testable import TokenCore

@Suite struct TokenSlabTests {
  @Test func `a record reads as it was published`() {
    let test = TestArena()
    var slab = TokenSlab(test.arena)
    for number in 0..<500 as Range<UInt64> {
      let slot = slab.freeSlot() ?? 0
      slab.publish(slot, numberedRecord(number))
      #expect(slab.reader.read(slot) == numberedRecord(number))
    }
    #expect(slab.liveCount == 500 && slab.highWater == 500)
  }

  @Test func `fields at their limits do not touch each other`() {
    let test = TestArena()
    var slab = TokenSlab(test.arena)
    let record = TokenRecord(
      kind: 63, keyID: 255, expirySeconds: .max, id: TokenID(word0: .max, word1: .max),
      digest: TokenDigest(word0: .max, word1: .max), position: 1 << 48 - 1, scopeSet: .max,
      audience: .max, flags: .max, grant: .max, app: .max, user: .max)
    slab.publish(1, record)
    #expect(slab.reader.read(1) == record)
    var least = TokenRecord.none
    least.kind = 1
    slab.publish(2, least)
    #expect(slab.reader.read(2) == least)
    for word in 1..<8 { #expect(slab.reader.words.loadRelaxed(8 + word) == .max) }
    for word in 1..<8 { #expect(slab.reader.words.loadRelaxed(16 + word) == 0) }
  }

  @Test func `a killed slot is absent and its version has moved on`() {
    let test = TestArena()
    var slab = TokenSlab(test.arena)
    slab.publish(1, numberedRecord(1))
    let before = TokenState(word: slab.reader.words.loadRelaxed(8))
    slab.kill(1)
    let after = TokenState(word: slab.reader.words.loadRelaxed(8))
    #expect(before.isLive && !after.isLive)
    #expect(after.version == before.version + 1)
    #expect(slab.reader.read(1) == nil)
    #expect(slab.freeSlot() == 1)
  }

  @Test func `the version passes over 0 when it wraps`() {
    let test = TestArena()
    var slab = TokenSlab(test.arena)
    for _ in 0..<40_000 {
      slab.publish(1, numberedRecord(1))
      slab.kill(1)
      #expect(slab.reader.words.loadRelaxed(8) != 0)
    }
  }

  @Test(arguments: [21, 22] as [UInt64])
  func `random publications and kills agree with a dictionary, also after a restart`(seed: UInt64) {
    let test = TestArena()
    var random = SplitMix64(seed)
    var slab = TokenSlab(test.arena)
    var model: [UInt32: UInt64] = [:]
    for number in 0..<6_000 as Range<UInt64> {
      if random.below(5) < 3, let slot = slab.freeSlot() {
        slab.publish(slot, numberedRecord(number))
        #expect(model.updateValue(number, forKey: slot) == nil)
      } else if let slot = model.keys.min() {
        slab.kill(slot)
        model[slot] = nil
      }
    }
    let again = TokenSlab(test.arena)
    #expect(again.liveCount == model.count && slab.liveCount == model.count)
    #expect(again.highWater == slab.highWater)
    for slot in 1...UInt32(slab.highWater) {
      #expect(again.reader.read(slot) == model[slot].map { numberedRecord($0) })
    }
    if let slot = again.freeSlot() { #expect(model[slot] == nil) }
  }

  @Test func `a full slab has no free slot`() {
    var limits = ArenaLimits.small
    limits.tokenCapacity = 3
    let test = TestArena(limits)
    var slab = TokenSlab(test.arena)
    for slot in 1...3 as ClosedRange<UInt32> { slab.publish(slot, numberedRecord(1)) }
    #expect(slab.freeSlot() == nil)
    slab.kill(2)
    #expect(slab.freeSlot() == 2 && slab.freeSlot(after: 1) == nil)
  }

  @Test func `readers never see a record made of two while slots are reused at once`() {
    let test = TestArena()
    var slab = TokenSlab(test.arena)
    let reader = slab.reader
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      for slot in 1...4 as ClosedRange<UInt32> {
        guard let record = reader.read(slot) else { continue }
        if record != numberedRecord(record.id.word0) { faults.add() }
      }
    }
    withReaders(2, read: look) {
      for number in 1...60_000 as ClosedRange<UInt64> {
        let slot = UInt32(1 + number % 4)
        if slab.isLive(slot) { slab.kill(slot) }
        slab.publish(slot, numberedRecord(number))
      }
    }
    #expect(faults.total == 0)
    withExtendedLifetime(test) {}
  }

  @Test func `publishing a live slot traps`() async {
    await #expect(processExitsWith: .failure) {
      let test = TestArena()
      var slab = TokenSlab(test.arena)
      slab.publish(1, numberedRecord(1))
      slab.publish(1, numberedRecord(2))
      withExtendedLifetime(test) {}
    }
  }
}
