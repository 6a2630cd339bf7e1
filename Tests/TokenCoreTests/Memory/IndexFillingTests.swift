import Testing

@testable import TokenCore

@Suite struct IndexFillingTests {
  /// The index that single insertions make: the same candidates for every hash, also where many
  /// share a home line or a tag, and removable afterwards.
  @Test(arguments: [0, 1, 30_000])
  func `a filled index answers as one that was inserted into`(count: Int) {
    var random = SplitMix64(UInt64(count))
    var filling = IndexFilling(expected: count / 2)
    var hashes: [UInt64] = []
    for place in 0..<count {
      var hash = random.next()
      if place % 5 == 4 { hash = hashes[place - 1] & ~0x7 }
      if place % 7 == 6 { hash = hash & ~0xfff | hashes[place - 3] & 0xfff }
      hashes.append(hash)
      filling.add(hash, slot: UInt32(place + 1))
    }
    var index = TokenIndex(expected: count)
    filling.insert(into: &index)
    #expect(index.count == count)
    var plain = TokenIndex()
    for (place, hash) in hashes.enumerated() { plain.insert(hash, slot: UInt32(place + 1)) }
    let (reader, other) = (index.reader, plain.reader)
    for hash in hashes { #expect(candidates(reader, hash) == candidates(other, hash)) }
    for (place, hash) in hashes.enumerated() {
      let isRemoved = index.remove(hash, slot: UInt32(place + 1))
      #expect(isRemoved)
    }
    #expect(index.count == 0)
  }

  private func candidates(_ reader: TokenIndexReader, _ hash: UInt64) -> Set<UInt32> {
    var probe = reader.probe(hash)
    var slots: Set<UInt32> = []
    while let slot = probe.next() { slots.insert(slot) }
    return slots
  }

  @Test func `the largest slot and all bits of the hash that count arrive whole`() {
    var filling = IndexFilling(expected: 1)
    let hash = UInt64.max & ~0x7
    filling.add(hash, slot: UInt32(TokenIndex.maxSlot))
    filling.add(1 << 32 | 0x8, slot: 1)
    var index = TokenIndex()
    filling.insert(into: &index)
    let reader = index.reader
    #expect(candidates(reader, hash) == [UInt32(TokenIndex.maxSlot)])
    #expect(candidates(reader, 1 << 32 | 0x8) == [1])
    #expect(candidates(reader, 1 << 32).isEmpty)
  }
}
