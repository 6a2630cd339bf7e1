import Testing

@testable import TokenCrypto

@Suite("Entropy pool")
struct EntropyPoolTests {
  @Test func wordsDoNotRepeatAcrossRefills() {
    var pool = EntropyPool()
    let count = 3 * EntropyPool.capacity / 8 + 5
    var words: Set<UInt64> = []
    for _ in 0..<count { words.insert(pool.word()) }
    // Two equal words among some 6000 have a chance below 1 in 10^12.
    #expect(words.count == count)
  }

  @Test func everyBitOfAWordIsSometimesSetAndSometimesNot() {
    var pool = EntropyPool()
    var ever: UInt64 = 0
    var always: UInt64 = .max
    for _ in 0..<256 {
      let word = pool.word()
      ever |= word
      always &= word
    }
    #expect(ever == .max)
    #expect(always == 0)
  }

  @Test func whatWasHandedOutIsWipedFromThePool() {
    var pool = EntropyPool()
    for _ in 0..<100 { _ = pool.block256() }
    let bytes = unsafe [UInt8](pool.pool.bytes)
    let used = pool.used
    #expect(used == 3200)
    #expect(bytes[..<used].allSatisfy { $0 == 0 })
    #expect(bytes[used...].contains { $0 != 0 })
  }

  @Test func twoPoolsDiffer() {
    var first = EntropyPool()
    var second = EntropyPool()
    #expect(first.block256() != second.block256())
  }
}

@Suite("Comparison and wiping")
struct ConstantTimeTests {
  @Test func matchesOnlyEqualBytes() {
    let bytes = (0..<40).map { UInt8($0) }
    #expect(matchesInConstantTime(bytes, bytes) == true)
    #expect(matchesInConstantTime([UInt8](), [UInt8]()) == true)
    #expect(matchesInConstantTime(bytes, [UInt8]()) == false)
    #expect(matchesInConstantTime(bytes, Array(bytes[..<39])) == false)
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x40
      #expect(matchesInConstantTime(bytes, other) == false)
    }
  }

  @Test func blocksMatchOnlyThemselves() {
    let block = Block256(word0: 1, word1: 2, word2: 3, word3: 4)
    #expect(block.matches(block))
    #expect(!block.matches(Block256(word0: 0, word1: 2, word2: 3, word3: 4)))
    #expect(!block.matches(Block256(word0: 1, word1: 0, word2: 3, word3: 4)))
    #expect(!block.matches(Block256(word0: 1, word1: 2, word2: 0, word3: 4)))
    #expect(!block.matches(Block256(word0: 1, word1: 2, word2: 3, word3: 0)))
  }

  @Test func blocksComeBackFromTheirBytes() {
    let bytes = (1...32).map { UInt8($0) }
    #expect(Block256(bytes: bytes)?.bytes == bytes)
    #expect(Block128(bytes: Array(bytes[..<16]))?.bytes == Array(bytes[..<16]))
    #expect(Block128(bytes: bytes) == nil)
    #expect(Block256(bytes: Array(bytes[..<31])) == nil)
    #expect(Block128(bytes: Array(bytes[..<16]))?.word0 == 0x0807_0605_0403_0201)
  }

  @Test func wipedBytesAreZero() {
    var bytes = [UInt8](repeating: 7, count: 33)
    wipe(&bytes)
    #expect(bytes == [UInt8](repeating: 0, count: 33))
    var empty: [UInt8] = []
    wipe(&empty)
    #expect(empty.isEmpty)
  }
}
