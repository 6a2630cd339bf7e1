import Testing

@testable import TokenCore

@Suite struct RecordTableTests {
  @Test(arguments: [31, 32] as [UInt64])
  func `random changes agree with a dictionary, also after a restart`(seed: UInt64) {
    let test = TestArena()
    var random = SplitMix64(seed)
    var table = RecordTable(test.arena, .user)
    var model: [UInt32: [UInt8]] = [:]
    for _ in 0..<3_000 {
      let bytes = random.bytes(random.below(table.payloadBytes + 1))
      let padded = bytes + [UInt8](repeating: 0, count: table.payloadBytes - bytes.count)
      let victim = model.keys.sorted().randomElement(using: &random)
      switch (random.below(4), victim) {
      case (0, let slot?):
        table.free(slot)
        model[slot] = nil
      case (1, let slot?):
        table.overwrite(slot, bytes)
        model[slot] = padded
      case (2, let slot?):
        let offset = random.below(table.payloadBytes / 8) * 8
        let part = Array(bytes.prefix(table.payloadBytes - offset))
        table.overwrite(slot, offset: offset, part)
        model[slot]?.replaceSubrange(offset..<offset + part.count, with: part)
      default:
        guard let slot = table.freeSlot() else { continue }
        table.occupy(slot, bytes)
        model[slot] = padded
      }
    }
    #expect(table.liveCount == model.count && !model.isEmpty)
    let again = RecordTable(test.arena, .user)
    #expect(again.liveCount == model.count && again.highWater == table.highWater)
    for (slot, bytes) in model {
      #expect(again.bytes(slot, count: again.payloadBytes) == bytes)
      let offset = random.below(bytes.count)
      let count = random.below(bytes.count - offset)
      #expect(
        again.bytes(slot, offset: offset, count: count) == Array(bytes[offset...].prefix(count)))
    }
    var cursor: UInt32 = 0
    var seen: [UInt32] = []
    while let slot = again.nextLive(after: cursor) {
      seen.append(slot)
      cursor = slot
    }
    #expect(seen == model.keys.sorted())
  }

  @Test func `iteration stops after the number of slots it may examine`() {
    let test = TestArena()
    var table = RecordTable(test.arena, .grant)
    for slot in 1...10 as ClosedRange<UInt32> { table.occupy(slot, []) }
    for slot in 1...8 as ClosedRange<UInt32> { table.free(slot) }
    #expect(table.nextLive(after: 0, limit: 8) == nil)
    #expect(table.nextLive(after: 0, limit: 9) == 9)
    #expect(table.nextLive(after: 10) == nil)
    withExtendedLifetime(test) {}
  }

  @Test func `each change of a slot changes its generation`() {
    let test = TestArena()
    var table = RecordTable(test.arena, .app)
    var seen: Set<UInt32> = [table.reader.generation(1)]
    table.occupy(1, [1])
    seen.insert(table.reader.generation(1))
    table.overwrite(1, [2])
    seen.insert(table.reader.generation(1))
    table.free(1)
    seen.insert(table.reader.generation(1))
    #expect(seen.count == 4)
    withExtendedLifetime(test) {}
  }

  @Test func `a copy from a dead slot says so`() {
    let test = TestArena()
    var table = RecordTable(test.arena, .user)
    table.occupy(1, [1, 2, 3])
    var bytes: [UInt8] = [9]
    #expect(table.reader.appendBytes(1, offset: 1, count: 2, to: &bytes))
    table.free(1)
    #expect(!table.reader.appendBytes(1, offset: 1, count: 2, to: &bytes))
    #expect(bytes == [9, 2, 3, 2, 3])
    withExtendedLifetime(test) {}
  }

  @Test func `a table without slots is full`() {
    let test = TestArena()
    let table = RecordTable(test.arena, .retry)
    #expect(table.freeSlot() == nil && table.nextLive(after: 0) == nil && table.capacity == 0)
    withExtendedLifetime(test) {}
  }

  /// Words 0 ... 3 never change for the slot's life, the 2048 bytes after them are one number each
  /// time: long enough that a copy is often disturbed.
  @Test func `constant fields stay whole and undisturbed copies are of one write`() {
    let test = TestArena()
    var table = RecordTable(test.arena, .app)
    let constant = Array("a-user-id-that-never-changes-ok!".utf8)
    table.occupy(1, constant)
    let reader = table.reader
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      let id = reader.bytes(1, count: constant.count)
      if id != constant { faults.add() }
      var rest: [UInt8] = []
      let isWhole = reader.appendBytes(1, offset: 32, count: 2_048, to: &rest)
      if isWhole && Set(rest).count > 1 { faults.add() }
    }
    withReaders(2, read: look) {
      for number in 0..<3_000 {
        let filler = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 2_048)
        table.overwrite(1, constant + filler)
      }
    }
    #expect(faults.total == 0)
    withExtendedLifetime(test) {}
  }

  @Test func `a record longer than its slot traps`() async {
    await #expect(processExitsWith: .failure) {
      let test = TestArena()
      var table = RecordTable(test.arena, .user)
      table.occupy(1, [UInt8](repeating: 1, count: table.payloadBytes + 1))
      withExtendedLifetime(test) {}
    }
  }
}
