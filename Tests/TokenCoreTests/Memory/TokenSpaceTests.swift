import Testing

@testable import TokenCore

/// Slab, index and gates as the lane holds them.
private struct Tables: ~Copyable {
  let test = TestArena()
  var slab: TokenSlab
  var index = TokenIndex()
  let gates: Gates

  init() {
    slab = TokenSlab(test.arena)
    gates = Gates(test.arena)
  }

  var space: TokenSpace { TokenSpace(slab: slab.reader, index: index.reader, gates: gates) }

  @discardableResult
  mutating func add(_ record: TokenRecord) -> UInt32 {
    guard let slot = slab.freeSlot() else { preconditionFailure("the slab is full") }
    slab.publish(slot, record)
    index.insert(record.id.hash, slot: slot)
    return slot
  }

  mutating func drop(_ slot: UInt32) {
    guard let record = slab.reader.read(slot) else { preconditionFailure("no such token") }
    slab.kill(slot)
    index.remove(record.id.hash, slot: slot)
  }
}

@Suite struct TokenSpaceTests {
  private func token(_ word0: UInt64, _ word1: UInt64, position: UInt64 = 10) -> TokenRecord {
    TokenRecord(
      kind: 1, keyID: 1, expirySeconds: 1_000, id: TokenID(word0: word0, word1: word1),
      digest: TokenDigest(word0: 0, word1: 0), position: position, grant: 3, app: 4, user: 5)
  }

  @Test func `each verdict has its cause`() {
    var tables = Tables()
    let record = token(1, 2)
    let slot = tables.add(record)
    let space = tables.space
    #expect(space.lookup(record.id, nowSeconds: 1).verdict == .unreleased)
    tables.gates.raiseReleased(to: 10)
    let live = space.lookup(record.id, nowSeconds: 999)
    #expect(live.verdict == .live && live.slot == slot && live.record == record)
    #expect(space.lookup(record.id, nowSeconds: 1_000).verdict == .expired)
    #expect(space.lookup(TokenID(word0: 1, word1: 3), nowSeconds: 1).verdict == .absent)
    #expect(space.isStillLive(record))
    #expect(!space.isReclaimable(record, nowSeconds: 999))
    #expect(space.isReclaimable(record, nowSeconds: 1_000))
    tables.gates.raise(.user(5), to: 10)
    #expect(space.lookup(record.id, nowSeconds: 2_000).verdict == .revoked)
    #expect(!space.isStillLive(record) && space.isReclaimable(record, nowSeconds: 1))
    tables.drop(slot)
    #expect(space.lookup(record.id, nowSeconds: 1).verdict == .absent)
  }

  @Test func `tokens of one tag and one home line are told apart by their whole id`() {
    var tables = Tables()
    tables.gates.raiseReleased(to: 10)
    let records = (1...100 as ClosedRange<UInt64>).map { token(0xabcd, $0) }
    for record in records { tables.add(record) }
    let space = tables.space
    for record in records {
      #expect(space.lookup(record.id, nowSeconds: 1).record == record)
    }
    #expect(space.lookup(TokenID(word0: 0xabcd, word1: 101), nowSeconds: 1).verdict == .absent)
    let ids = records.map(\.id) + [TokenID(word0: 0xabcd, word1: 101)]
    var answers = [TokenAnswer](repeating: .absent, count: ids.count)
    var span = answers.mutableSpan
    space.lookup(ids.span, nowSeconds: 1, into: &span)
    #expect(answers.map(\.record) == records + [.none])
  }

  /// The low three hash bits and bits 12 ... 31 are in no entry: only the id tells these apart.
  @Test func `hashes that differ only where no entry looks are told apart`() {
    var tables = Tables()
    tables.gates.raiseReleased(to: 10)
    let words = (0..<8 as Range<UInt64>).map { 0xaaaa_0000_0000_0ff8 | $0 | $0 << 20 }
    for word in words { tables.add(token(word, 0)) }
    for word in words {
      let id = TokenID(word0: word, word1: 0)
      #expect(tables.space.lookup(id, nowSeconds: 1).record.id == id)
    }
  }

  @Test(arguments: [51, 52] as [UInt64])
  func `a batch answers as single look-ups do`(seed: UInt64) {
    var tables = Tables()
    var random = SplitMix64(seed)
    var ids: [TokenID] = []
    for number in 1...2_000 as ClosedRange<UInt64> {
      var record = token(random.next() & ~0xc00, random.next(), position: number)
      (record.grant, record.user) = (UInt32(random.below(300)), UInt32(random.below(200)))
      record.expirySeconds = UInt32(random.below(100))
      let slot = tables.add(record)
      ids.append(record.id)
      if random.below(5) == 0 { tables.drop(slot) }
    }
    for slot in 1...20 as ClosedRange<UInt32> {
      tables.gates.raise(.grant(slot * 7), to: UInt64(random.below(2_000)))
      tables.gates.raise(.user(slot * 3), to: UInt64(random.below(2_000)))
    }
    tables.gates.raiseReleased(to: 1_800)
    ids.shuffle(using: &random)
    for count in [0, 1, 31, 32, 33, 2_000] {
      let some = Array(ids.prefix(count))
      var answers = [TokenAnswer](repeating: .absent, count: count)
      var span = answers.mutableSpan
      tables.space.lookup(some.span, nowSeconds: 50, into: &span)
      for (id, answer) in zip(some, answers) {
        let single = tables.space.lookup(id, nowSeconds: 50)
        #expect(answer.verdict == single.verdict && answer.slot == single.slot)
        #expect(answer.record == single.record)
      }
      if count == 2_000 { #expect(Set(answers.map(\.verdict)).count == 5) }
    }
  }

  /// A gate stays where it was when its slot gets a new owner, so the old owner's tokens stay dead.
  @Test func `a slot's new owner does not revive the old one's tokens`() {
    var tables = Tables()
    tables.gates.raiseReleased(to: 100)
    let old = token(1, 1, position: 10)
    tables.add(old)
    tables.gates.raise(.user(5), to: 20)
    let new = token(2, 2, position: 21)
    tables.add(new)
    #expect(tables.space.lookup(old.id, nowSeconds: 1).verdict == .revoked)
    #expect(tables.space.lookup(new.id, nowSeconds: 1).verdict == .live)
  }

  /// One user slot changes hands all the time; its text is the owner's number, and so is the digest
  /// in each token.
  @Test func `a text that is checked after the copy is always the token's owner's`() {
    var tables = Tables()
    var users = RecordTable(tables.test.arena, .user)
    tables.gates.raiseReleased(to: 1 << 40)
    let space = tables.space
    let texts = users.reader
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      for slot in 1...2 as ClosedRange<UInt32> {
        guard let record = space.slab.read(slot) else { continue }
        let text = texts.bytes(record.user, count: 16)
        guard space.isStillLive(record) else { continue }
        if text != [UInt8](repeating: UInt8(truncatingIfNeeded: record.digest.word0), count: 16) {
          faults.add()
        }
      }
    }
    withReaders(2, read: look) {
      var position: UInt64 = 1
      for owner in 1...20_000 as ClosedRange<UInt64> {
        users.occupy(1, [UInt8](repeating: UInt8(truncatingIfNeeded: owner), count: 16))
        var record = token(owner, owner, position: position)
        (record.user, record.digest.word0) = (1, owner)
        let slot = tables.add(record)
        tables.gates.raise(.user(1), to: position)
        position += 1
        users.free(1)
        tables.drop(slot)
      }
    }
    #expect(faults.total == 0)
  }

  @Test func `readers find a live token throughout, while others come, go and make segments split`()
  {
    var tables = Tables()
    tables.gates.raiseReleased(to: 1 << 40)
    var random = SplitMix64(55)
    let stable = (0..<100).map { _ in token(random.next() & ~0xf00, random.next()) }
    for record in stable { tables.add(record) }
    let space = tables.space
    let faults = FaultCount()
    let look: @Sendable () -> Void = {
      let ids = stable.map(\.id)
      var answers = [TokenAnswer](repeating: .absent, count: ids.count)
      var span = answers.mutableSpan
      space.lookup(ids.span, nowSeconds: 1, into: &span)
      for (record, answer) in zip(stable, answers)
      where answer.verdict != .live || answer.record != record { faults.add() }
    }
    withReaders(2, read: look) {
      var others: [UInt32] = []
      for _ in 0..<15_000 {
        if others.count < 4_500 && random.below(3) > 0 {
          others.append(tables.add(token(random.next() & ~0xf00, random.next())))
        } else if !others.isEmpty {
          others.swapAt(random.below(others.count), others.count - 1)
          tables.drop(others.removeLast())
        }
      }
    }
    #expect(faults.total == 0)
    #expect(tables.index.segmentCount > 1)
  }
}
