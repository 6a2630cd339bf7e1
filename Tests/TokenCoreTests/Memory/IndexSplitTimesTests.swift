import Synchronization
import Testing

@testable import TokenCore

@Suite struct IndexSplitTimesTests {
  @Test func `without a split there is no time`() {
    let times = IndexSplitTimes()
    #expect(times.count == 0 && times.maxNanos == 0)
    #expect(times.nanos(share: 0.5) == 0 && times.nanos(share: 0.999) == 0)
  }

  /// Against the sorted list: never below, and at most a sixteenth above.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a share of the times is rounded up by at most a sixteenth`(seed: UInt64) {
    var random = SplitMix64(seed)
    var times = IndexSplitTimes()
    var all: [UInt64] = []
    for _ in 0..<5_000 {
      let nanos = random.next() >> UInt64(24 + random.below(40))
      times.note(nanos: nanos)
      all.append(nanos)
    }
    all.sort()
    #expect(times.count == 5_000 && times.maxNanos == all[4_999])
    for (share, rank) in [(0.001, 5), (0.5, 2_500), (0.99, 4_950), (0.999, 4_995), (1, 5_000)] {
      let exact = all[rank - 1]
      let told = times.nanos(share: share)
      #expect(told >= exact && told <= exact + exact / 16, "\(share): \(told) for \(exact)")
    }
  }

  @Test func `times past the last bucket are the largest one`() {
    var times = IndexSplitTimes()
    times.note(nanos: .max)
    times.note(nanos: 1 << 50)
    #expect(times.nanos(share: 1) == .max && times.maxNanos == .max)
  }

  @Test func `an index counts its splits and times each by its clock`() {
    let ticks = Ticks()
    var index = TokenIndex(clock: SplitClock { ticks.next() })
    var random = SplitMix64(5)
    for slot in 1...40_000 as ClosedRange<UInt32> { index.insert(random.next(), slot: slot) }
    #expect(index.segmentCount > 8)
    #expect(index.splitTimes.count == index.segmentCount - 1)
    // The clock goes on by 7 with each look, and is looked at before and after a split only.
    #expect(index.splitTimes.maxNanos == 7 && index.splitTimes.nanos(share: 0.5) == 7)
    #expect(ticks.looks == 2 * index.splitTimes.count)
  }

  @Test(arguments: [0, 1, 2_560, 2_561, 50_000])
  func `an index made for its entries splits nothing`(count: Int) {
    let ticks = Ticks()
    var index = TokenIndex(expected: count, clock: SplitClock { ticks.next() })
    var random = SplitMix64(UInt64(count))
    var hashes: [UInt64] = []
    for slot in stride(from: 1, through: count, by: 1) {
      hashes.append(random.next())
      index.insert(hashes[slot - 1], slot: UInt32(slot))
    }
    #expect(ticks.looks == 0 && index.count == count)
    #expect(index.segmentCount <= max(count / 1_536, 1))
    for (place, hash) in hashes.enumerated() {
      var probe = index.probe(hash)
      var isFound = false
      while let slot = probe.next() { isFound = isFound || slot == UInt32(place + 1) }
      #expect(isFound)
    }
    // It grows as every other.
    let grown = 4 * count + 20_000
    for slot in count + 1...grown { index.insert(random.next(), slot: UInt32(slot)) }
    #expect(index.count == grown && ticks.looks > 0)
  }
}

/// A clock that goes on by 7 with each look.
private final class Ticks: Sendable {
  private let count = Atomic<Int>(0)

  var looks: Int { count.load(ordering: .relaxed) }

  func next() -> UInt64 { UInt64(count.add(1, ordering: .relaxed).newValue) * 7 }
}
