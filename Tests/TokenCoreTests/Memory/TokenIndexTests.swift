import Testing

@testable import TokenCore

/// Every candidate for the hash.
private func candidates(_ reader: TokenIndexReader, _ hash: UInt64) -> [UInt32] {
  var probe = reader.probe(hash)
  var slots: [UInt32] = []
  while let slot = probe.next() { slots.append(slot) }
  return slots
}

/// What must hold in every segment: see ``TokenIndex``.
private func expectInvariants(_ index: borrowing TokenIndex) {
  let directory = index.reader.directory
  var addresses: Set<UInt64> = []
  var total = 0
  for place in 0..<1 << directory.depth {
    let segment = IndexSegment(address: directory.segmentAddress(place))
    guard addresses.insert(segment.address).inserted else { continue }
    var taken = 0
    for line in 0..<IndexSegment.lineCount {
      let passed = segment.isPassed(line)
      #expect(!passed || !segment.hasEmpty(line), "an entry passes a line with an empty place")
      for entry in 0..<8 {
        let word = segment.load(line, entry)
        #expect(word != IndexEntry.tombstone || passed, "a tombstone that nobody needs")
        guard IndexEntry(word: word).isTaken else { continue }
        taken += 1
        let prefix = UInt64(IndexEntry(word: word).tag) >> (32 - UInt64(segment.depth))
        let own = UInt64(place) >> UInt64(directory.depth - segment.depth)
        #expect(segment.depth == 0 || prefix == own, "an entry of another segment")
      }
    }
    #expect(taken == segment.taken)
    total += taken
  }
  #expect(total == index.count)
  #expect(addresses.count == index.segmentCount)
}

@Suite struct TokenIndexTests {
  @Test(arguments: [11, 12, 13] as [UInt64])
  func `random insertions and removals agree with a dictionary`(seed: UInt64) {
    var random = SplitMix64(seed)
    var index = TokenIndex()
    var model: [UInt32: UInt64] = [:]
    var live: [UInt32] = []
    for step in 1...24_000 {
      // Grow for a while, then shrink, then hover.
      let insertShare = step < 12_000 ? 9 : step < 18_000 ? 2 : 5
      if random.below(10) < insertShare || live.isEmpty {
        let slot = UInt32(step)
        // One in four repeats the low bits of another hash, so that lines overflow.
        var hash = random.next()
        if random.below(4) == 0, let other = live.randomElement(using: &random) {
          hash = hash & ~0xfff | (model[other] ?? 0) & 0xfff
        }
        index.insert(hash, slot: slot)
        model[slot] = hash
        live.append(slot)
      } else {
        let place = random.below(live.count)
        let slot = live[place]
        live.swapAt(place, live.count - 1)
        live.removeLast()
        let hash = model.removeValue(forKey: slot) ?? 0
        let isRemoved = index.remove(hash, slot: slot)
        #expect(isRemoved)
        #expect(!candidates(index.reader, hash).contains(slot))
      }
    }
    #expect(index.count == model.count)
    for (slot, hash) in model { #expect(candidates(index.reader, hash) == [slot]) }
    expectInvariants(index)
    #expect(index.segmentCount > 1)
  }

  @Test func `everything removed leaves no tombstone and nothing to find`() {
    var random = SplitMix64(5)
    var index = TokenIndex()
    var hashes = (0..<9_000).map { _ in random.next() & ~0xf00 }
    for (place, hash) in hashes.enumerated() { index.insert(hash, slot: UInt32(place + 1)) }
    expectInvariants(index)
    for place in hashes.indices.shuffled(using: &random) {
      let isRemoved = index.remove(hashes[place], slot: UInt32(place + 1))
      #expect(isRemoved)
    }
    hashes.shuffle(using: &random)
    #expect(index.count == 0)
    expectInvariants(index)
    #expect(hashes.allSatisfy { candidates(index.reader, $0).isEmpty })
  }

  @Test func `one hash for 128 keys yields all of them and removes the right one`() {
    var index = TokenIndex()
    let hash: UInt64 = 0xdead_beef_0123_4fff
    for slot in 1...128 as ClosedRange<UInt32> { index.insert(hash, slot: slot) }
    #expect(candidates(index.reader, hash) == Array(1...128))
    for slot in stride(from: 2, through: 128, by: 2) as StrideThrough<UInt32> {
      let isRemoved = index.remove(hash, slot: slot)
      #expect(isRemoved)
    }
    #expect(candidates(index.reader, hash) == Array(stride(from: 1, to: 128, by: 2)))
    expectInvariants(index)
    // Tombstones are used again: 64 more fit, with no split.
    for slot in 201...264 as ClosedRange<UInt32> { index.insert(hash, slot: slot) }
    #expect(index.segmentCount == 1)
    #expect(Set(candidates(index.reader, hash)).count == 128)
  }

  @Test func `a 129th key of one hash traps`() async {
    await #expect(processExitsWith: .failure) {
      var index = TokenIndex()
      for slot in 1...129 as ClosedRange<UInt32> { index.insert(7, slot: slot) }
    }
  }

  @Test func `one tag with other home lines is no candidate`() {
    var index = TokenIndex()
    let tag: UInt64 = 0xaaaa_5555 << 32
    for line in 0..<512 as Range<UInt64> { index.insert(tag | line << 3, slot: UInt32(line + 1)) }
    for line in 0..<512 as Range<UInt64> {
      #expect(candidates(index.reader, tag | line << 3) == [UInt32(line + 1)])
    }
  }

  @Test func `a segment splits at its limit and not before`() {
    var random = SplitMix64(6)
    var index = TokenIndex()
    // Spread evenly, so that only the count can make it split.
    let hashes = (0..<IndexSegment.maxTaken + 1).map { place in
      random.next() & ~0xfff | UInt64(place % 512) << 3
    }
    for place in 0..<IndexSegment.maxTaken { index.insert(hashes[place], slot: UInt32(place + 1)) }
    #expect(index.segmentCount == 1)
    index.insert(hashes[IndexSegment.maxTaken], slot: UInt32(IndexSegment.maxTaken + 1))
    #expect(index.segmentCount == 2)
    for (place, hash) in hashes.enumerated() {
      #expect(candidates(index.reader, hash) == [UInt32(place + 1)])
    }
    expectInvariants(index)
  }

  @Test func `a segment with 16 full lines in a row splits long before its limit`() {
    var random = SplitMix64(7)
    var index = TokenIndex()
    let hashes = (0..<200).map { _ in random.next() & ~0xfff | 0xff8 }
    for (place, hash) in hashes.enumerated() { index.insert(hash, slot: UInt32(place + 1)) }
    #expect(index.segmentCount > 1)
    for (place, hash) in hashes.enumerated() {
      #expect(candidates(index.reader, hash) == [UInt32(place + 1)])
    }
    expectInvariants(index)
  }

  /// The reader is inside the old segment, past the home line, when the key leaves it.
  @Test func `a probe that a split overtakes still finds the key`() {
    var index = TokenIndex()
    // Slots 1 ... 8 fill line 0 with the staying half; 9 lies in line 1 and will leave.
    for slot in 1...8 as ClosedRange<UInt32> { index.insert(0, slot: slot) }
    let key: UInt64 = 1 << 63
    index.insert(key, slot: 9)
    var probe = index.probe(key)
    var random = SplitMix64(8)
    var slot: UInt32 = 10
    while index.segmentCount == 1 {
      index.insert(random.next() & ~0xfff | UInt64(16 + random.below(480)) << 3, slot: slot)
      slot += 1
    }
    #expect(probe.next() == 9)
    #expect(probe.next() == nil)
  }

  @Test func `removing what is not there changes nothing`() {
    var index = TokenIndex()
    index.insert(42, slot: 1)
    let isFirst = index.remove(42, slot: 2)
    let isSecond = index.remove(43 << 32, slot: 1)
    #expect(!isFirst && !isSecond)
    #expect(index.count == 1)
  }

  @Test func `readers never miss a key while segments split and other keys come and go`() {
    var random = SplitMix64(9)
    var index = TokenIndex()
    let stable = (0..<600).map { _ in random.next() & ~0xe00 }
    for (place, hash) in stable.enumerated() { index.insert(hash, slot: UInt32(place + 1)) }
    let reader = index.reader
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      for (place, hash) in stable.enumerated() {
        var probe = reader.probe(hash)
        var found = false
        while let slot = probe.next() { if slot == UInt32(place + 1) { found = true } }
        if !found { faults.add() }
      }
    }
    withReaders(2, read: look) {
      var others: [(UInt64, UInt32)] = []
      for slot in 1_001...31_000 as ClosedRange<UInt32> {
        let hash = random.next() & ~0xe00
        index.insert(hash, slot: slot)
        others.append((hash, slot))
        if random.below(3) == 0 {
          let (hash, slot) = others.remove(
            at: others.count - 1 - random.below(min(50, others.count)))
          index.remove(hash, slot: slot)
        }
      }
    }
    #expect(faults.total == 0)
    #expect(index.segmentCount > 8)
    expectInvariants(index)
  }

  @Test func `growth keeps every key and stays within 20 bytes an entry`() {
    var random = SplitMix64(10)
    var index = TokenIndex()
    let start = random
    for slot in 1...100_000 as ClosedRange<UInt32> { index.insert(random.next(), slot: slot) }
    random = start
    var missing = 0
    for slot in 1...100_000 as ClosedRange<UInt32> {
      var probe = index.probe(random.next())
      if probe.next() != slot { missing += 1 }
    }
    #expect(missing == 0)
    let used = index.segmentCount * IndexSegment.wordCount * 8
    #expect(used < 100_000 * 20)
  }
}
