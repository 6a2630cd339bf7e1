import Testing

@testable import TokenCore

@Suite struct ArenaTests {
  static let sections: [ArenaSection] =
    [.header, .tokens, .scopeSets, .audiences, .grantGates, .appGates, .userGates, .control]
    + RecordKind.allCases.map { .records($0) } + [.runtime, .marks]

  @Test func `sections lie one after the other, each on pages of its own`() {
    let layout = ArenaLayout(.small)
    var end = 0
    for section in Self.sections {
      let range = layout.range(section)
      #expect(range.lowerBound == end && range.lowerBound % ArenaLayout.pageBytes == 0)
      #expect(!range.isEmpty && range.count % 8 == 0)
      end = (range.upperBound + ArenaLayout.pageBytes - 1) / ArenaLayout.pageBytes
      end *= ArenaLayout.pageBytes
    }
    #expect(layout.byteCount == end)
    #expect(layout.durableByteCount == layout.range(.runtime).lowerBound)
  }

  @Test func `the tables of the full service have a layout that can be reserved`() {
    var limits = ArenaLimits(tokenCapacity: 67_108_863)
    limits[.grant] = RecordLimits(capacity: 16_777_215, strideBytes: 128)
    limits[.app] = RecordLimits(capacity: 65_535, strideBytes: 6_144)
    #expect(ArenaLayout(limits).byteCount > 67_108_864 * 64)
    #expect(ArenaLayout(limits).byteCount < 1 << 40)
  }

  @Test func `memory of other limits is refused, of the same taken as it lies`() {
    let test = TestArena()
    Gates(test.arena).raise(.service, to: 7)
    var other = ArenaLimits.small
    other.tokenCapacity -= 1
    #expect(test.reopened(other) == nil)
    #expect(test.reopened().map { Gates($0).position(of: .service) } == 7)
  }

  @Test func `every kind of change marks its page before it is made`() {
    let test = TestArena()
    let layout = test.arena.layout
    var slab = TokenSlab(test.arena)
    var users = RecordTable(test.arena, .user)
    var texts = TextTable(test.arena, .audiences, hash: TextHash(key0: 0, key1: 0))
    let gates = Gates(test.arena)
    var record = numberedRecord(1)
    record.kind = 1
    func expectOnly(_ sections: Set<ArenaSection>, _ step: String) {
      for section in Self.sections where section != .marks {
        let page = layout.range(section).lowerBound / ArenaLayout.pageBytes
        #expect(
          test.arena.marks.isTouched(page: page) == sections.contains(section),
          "\(step): \(section)")
      }
      test.arena.marks.advanceEpoch()
    }
    expectOnly([.header], "start")
    expectOnly([], "nothing")
    slab.publish(1, record)
    expectOnly([.tokens], "publish")
    slab.kill(1)
    expectOnly([.tokens], "kill")
    users.occupy(1, [1])
    expectOnly([.records(.user)], "occupy")
    users.overwrite(1, [2])
    expectOnly([.records(.user)], "overwrite")
    users.free(1)
    expectOnly([.records(.user)], "free")
    texts.intern(1, [1])
    expectOnly([.audiences], "intern")
    gates.raise(.grant(1), to: 1)
    gates.raise(.app(1), to: 1)
    gates.raise(.user(1), to: 1)
    expectOnly([.grantGates, .appGates, .userGates], "raise")
    gates.setProvider(.on)
    expectOnly([.control], "provider")
    gates.raise(.service, to: 1)
    expectOnly([.control], "service")
    gates.raiseReleased(to: 9)
    gates.raise(.service, to: 1)
    gates.setProvider(.on)
    expectOnly([], "released, and what changes nothing")
  }

  @Test func `rows in whole cache lines are loaded into packed ones`() {
    var wide = ArenaLimits.small
    wide[.user] = RecordLimits(capacity: 2_000, strideBytes: 192)
    var packed = wide
    packed[.user].strideBytes = 152
    #expect(packed.hasRows(of: wide) && packed.hasRows(of: packed) && !wide.hasRows(of: packed))
    let (old, new) = (TestArena(wide), TestArena(packed))
    var users = RecordTable(old.arena, .user)
    // Those of 2,000 rows lie across pages of both.
    for slot in 1...2_000 as ClosedRange<UInt32> where slot % 7 != 0 {
      users.occupy(slot, [UInt8](repeating: UInt8(truncatingIfNeeded: slot), count: 144))
    }
    let range = old.arena.layout.range(.records(.user))
    let first = range.lowerBound / ArenaLayout.pageBytes
    let pages = first..<first + (range.count + ArenaLayout.pageBytes - 1) / ArenaLayout.pageBytes
    var filled: Set<Int> = []
    for page in pages {
      let rows = unsafe old.withPage(page) { bytes in
        unsafe new.arena.loadRows(ofPage: page, in: old.arena.layout, from: bytes)
      }
      filled.formUnion(rows ?? 0..<0)
      #expect(rows != nil)
    }
    let loaded = RecordTable(new.arena, .user)
    #expect(loaded.highWater == users.highWater && loaded.liveCount == users.liveCount)
    for slot in 1...2_000 as ClosedRange<UInt32> where loaded.isLive(slot) {
      #expect(loaded.bytes(slot, count: 144) == users.bytes(slot, count: 144))
      #expect(loaded.reader.generation(slot) == users.reader.generation(slot))
    }
    // What was filled is what has to be emptied where the snapshot is no good.
    #expect(filled.allSatisfy { new.arena.marks.isUsed(page: $0) } && filled.count == 5)
    for page in filled { new.arena.clear(page: page) }
    #expect(RecordTable(new.arena, .user).highWater == 0)
  }

  @Test func `rows that hold more than packed ones have room for are not loaded`() {
    var wide = ArenaLimits.small
    wide[.user] = RecordLimits(capacity: 300, strideBytes: 192)
    var packed = wide
    packed[.user].strideBytes = 152
    let old = TestArena(wide)
    let page = old.arena.layout.range(.records(.user)).lowerBound / ArenaLayout.pageBytes
    var users = RecordTable(old.arena, .user)
    users.occupy(250, [UInt8](repeating: 1, count: 144))
    func loads(_ limits: ArenaLimits, _ page: Int) -> Bool {
      let new = TestArena(limits)
      return unsafe old.withPage(page) { bytes in
        unsafe new.arena.loadRows(ofPage: page, in: old.arena.layout, from: bytes) != nil
      }
    }
    #expect(loads(packed, page) && !loads(packed, page - 1), "a page of another table")
    #expect(!loads(wide, page), "rows of another size")
    packed[.user].capacity = 249
    #expect(!loads(packed, page), "a row past the end")
    packed[.user].capacity = 250
    #expect(loads(packed, page))
    users.overwrite(250, [UInt8](repeating: 1, count: 145))
    #expect(!loads(packed, page), "a byte past the row")
    let new = TestArena(packed)
    _ = unsafe old.withPage(page) {
      unsafe new.arena.loadRows(ofPage: page, in: old.arena.layout, from: $0)
    }
    #expect(RecordTable(new.arena, .user).highWater == 0, "nothing of it is there")
  }

  @Test func `a change across pages marks each of them`() {
    var limits = ArenaLimits.small
    limits[.app] = RecordLimits(capacity: 50, strideBytes: 6_144)
    let test = TestArena(limits)
    var apps = RecordTable(test.arena, .app)
    test.arena.marks.advanceEpoch()
    // Slot 10 lies at 61,440 ..< 67,584 of the table.
    apps.occupy(10, [UInt8](repeating: 1, count: apps.payloadBytes))
    let first = test.arena.layout.range(.records(.app)).lowerBound / ArenaLayout.pageBytes
    #expect(test.arena.marks.isTouched(page: first) && test.arena.marks.isTouched(page: first + 1))
    #expect(!test.arena.marks.isTouched(page: first + 2))
  }
}
