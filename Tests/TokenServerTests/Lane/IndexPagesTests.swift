import LinuxIO
import Synchronization
import Testing

@testable import TokenCore
@testable import TokenServer

@Suite struct IndexPagesTests {
  /// Small pieces, the one made ahead, those that came before it was ready.
  @Test func `an index in these pages finds every entry`() {
    let pages = IndexPages()
    var index = TokenIndex(mapping: pages.mapping)
    let count: UInt32 = 500_000
    for slot in 1...count { index.insert(Self.hash(slot), slot: slot) }
    #expect(index.count == Int(count) && index.segmentCount >= 4 * 63)
    var missing = 0
    for slot in 1...count {
      var probe = index.probe(Self.hash(slot))
      var isFound = false
      while let candidate = probe.next() { isFound = isFound || candidate == slot }
      if !isFound { missing += 1 }
    }
    #expect(missing == 0)
  }

  @Test func `pieces are zeroed and nobody else's, whichever size is asked for`() {
    let largest = IndexMapping.largestByteCount
    let pages = IndexPages()
    var ends: [UInt: UInt] = [:]
    for byteCount in [largest / 32, largest / 2 + 8, largest, largest, largest / 32, largest] {
      let base = unsafe pages.mapping.zeroed(byteCount: byteCount)
      let bytes = unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount)
      #expect(unsafe bytes.allSatisfy { $0 == 0 })
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 1)
      ends[UInt(bitPattern: base)] = UInt(bitPattern: base) + UInt(byteCount)
    }
    #expect(ends.count == 6)
    for (from, to) in ends { #expect(ends.keys.allSatisfy { $0 <= from || $0 >= to }) }
  }

  @Test func `the first large piece is made while the last small one is used`() {
    let made = Count()
    let pages = IndexPages { body throws(SystemError) in
      made.number.add(1, ordering: .relaxed)
      body()
    }
    func take(_ byteCount: Int) -> Int {
      _ = unsafe pages.mapping.zeroed(byteCount: byteCount)
      return made.number.load(ordering: .relaxed)
    }
    let largest = IndexMapping.largestByteCount
    #expect([1, 2, 4, 8, 16].map { take($0 * IndexSegment.wordCount * 8) } == [0, 0, 0, 0, 0])
    #expect(take(32 * IndexSegment.wordCount * 8) == 1)
    // Each one that is taken is followed by another.
    #expect([largest, largest, largest].map(take) == [2, 3, 4])
  }

  @Test func `without another thread every piece is made when it is asked for`() {
    let tried = Count()
    let pages = IndexPages { _ throws(SystemError) in
      tried.number.add(1, ordering: .relaxed)
      throw SystemError(errno: .wouldBlock, call: "pthread_create")
    }
    for _ in 0..<3 { _ = unsafe pages.mapping.zeroed(byteCount: IndexMapping.largestByteCount) }
    #expect(tried.number.load(ordering: .relaxed) == 3)
  }

  /// Spread over all 64 bits (the finalizer of MurmurHash3).
  private static func hash(_ slot: UInt32) -> UInt64 {
    var word = UInt64(slot)
    word = (word ^ word >> 33) &* 0xff51_afd7_ed55_8ccd
    word = (word ^ word >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return word ^ word >> 33
  }

  private final class Count: Sendable {
    let number = Atomic<Int>(0)
  }
}
