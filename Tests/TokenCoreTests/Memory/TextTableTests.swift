import Testing

@testable import TokenCore

@Suite struct TextTableTests {
  static let hash = TextHash(key0: 1, key1: 2)

  @Test func `texts get ids in order and are found again, also after a restart`() {
    let test = TestArena()
    var table = TextTable(test.arena, .scopeSets, hash: Self.hash)
    var random = SplitMix64(41)
    let texts = (0..<100).map { random.bytes($0) }
    for (place, text) in texts.enumerated() {
      #expect(table.find(text) == nil)
      #expect(table.nextID() == UInt16(place + 1))
      table.intern(UInt16(place + 1), text)
    }
    #expect(table.nextID() == nil)
    let again = TextTable(test.arena, .scopeSets, hash: TextHash(key0: 8, key1: 9))
    for (place, text) in texts.enumerated() {
      #expect(again.find(text) == UInt16(place + 1) && table.find(text) == UInt16(place + 1))
      #expect(again.reader.bytes(UInt16(place + 1)) == text)
    }
    #expect(again.count == 100)
  }

  @Test func `a peeked id is the one given later`() {
    let test = TestArena()
    var table = TextTable(test.arena, .audiences, hash: Self.hash)
    let peeked = (0..<3).map { table.nextID(after: $0) }
    #expect(table.count == 0)
    for (place, id) in peeked.enumerated() { table.intern(id ?? 0, [UInt8(place)]) }
    #expect(peeked == [1, 2, 3] && table.nextID(after: 16) == 20 && table.nextID(after: 17) == nil)
    withExtendedLifetime(test) {}
  }

  @Test func `texts up to the limit are whole, and id 0 and ids not given have none`() {
    let test = TestArena()
    var table = TextTable(test.arena, .audiences, hash: Self.hash)
    let longest = [UInt8](repeating: 0xa5, count: 512)
    table.intern(1, longest)
    table.intern(2, [])
    #expect(table.reader.bytes(1) == longest && table.reader.bytes(2) == [])
    #expect(table.find([]) == 2)
    #expect(table.reader.bytes(0) == nil && table.reader.bytes(3) == nil)
    #expect(table.find(Array(longest.dropLast())) == nil)
    withExtendedLifetime(test) {}
  }

  @Test func `a text over the limit traps`() async {
    await #expect(processExitsWith: .failure) {
      let test = TestArena()
      var table = TextTable(test.arena, .audiences, hash: TextTableTests.hash)
      table.intern(1, [UInt8](repeating: 1, count: 513))
      withExtendedLifetime(test) {}
    }
  }

  @Test func `an id out of order traps`() async {
    await #expect(processExitsWith: .failure) {
      let test = TestArena()
      var table = TextTable(test.arena, .audiences, hash: TextTableTests.hash)
      table.intern(2, [1])
      withExtendedLifetime(test) {}
    }
  }

  @Test func `readers see a text whole or not at all`() {
    let test = TestArena()
    var table = TextTable(test.arena, .scopeSets, hash: Self.hash)
    let reader = table.reader
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      for id in 1...100 as ClosedRange<UInt16> {
        guard let text = reader.bytes(id) else { continue }
        if text != [UInt8](repeating: UInt8(id), count: Int(id)) { faults.add() }
      }
    }
    withReaders(2, read: look) {
      for id in 1...100 as ClosedRange<UInt16> {
        table.intern(id, [UInt8](repeating: UInt8(id), count: Int(id)))
      }
    }
    #expect(faults.total == 0)
    withExtendedLifetime(test) {}
  }

  /// The published vectors of SipHash-1-3: key 00 ... 0f, input empty and 00.
  @Test func `the hash is SipHash-1-3`() {
    let hash = TextHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
    #expect(hash.hash([]) == 0xabac_0158_050f_c4dc)
    #expect(hash.hash([0]) == 0xc9f4_9bf3_7d57_ca93)
  }
}
