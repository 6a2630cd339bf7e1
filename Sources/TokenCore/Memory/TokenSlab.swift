import Synchronization

/// The dense slab of token records: slot × 64 bytes, records never move, slab memory is never
/// unmapped. One writer (the commit lane); readers on any thread through ``reader``.
///
/// **Publishing without a seqlock.** From publication to reclaim every word but the state is
/// constant, and each change is one atomic store of the state. Fill: state = dead with the next
/// version, release fence, body, release-store state = live. A writer that is descheduled or killed
/// therefore never makes a reader wait, and a slot may be used again at once: a reader that saw two
/// tokens' words sees that the state changed, and the token it looked for is gone.
///
/// Slot 0 is no token; its word 1 holds the high-water mark.
public struct TokenSlab: ~Copyable {
  public static let strideBytes = 64

  public let reader: TokenSlabReader
  private let span: ArenaSpan
  private var free: FreeSlots

  /// Takes the slab as it lies in the arena: empty, or as a snapshot left it.
  public init(_ arena: Arena) {
    span = arena.span(.tokens)
    reader = TokenSlabReader(words: span.words)
    free = FreeSlots(capacity: arena.layout.limits.tokenCapacity)
    rebuildFreeList()
  }

  /// Usable slots are 1 ... `capacity`.
  public var capacity: Int { free.capacity }
  /// The highest slot ever used. Live tokens lie in 1 ... `highWater`.
  public var highWater: Int { free.highWater }
  public var liveCount: Int { free.takenCount }

  /// The slot that the next publication should use after `k` others; nil when the slab is full.
  /// Changes nothing.
  public func freeSlot(after k: Int = 0) -> UInt32? { free.peek(k) }

  /// Whether the slot holds a token that is not revoked. Expiry and gates are not looked at.
  public func isLive(_ slot: UInt32) -> Bool { reader.isLive(slot) }

  /// Makes the record readable in a free slot. Put it into the index afterwards, not before.
  public mutating func publish(_ slot: UInt32, _ record: TokenRecord) {
    precondition(1...63 ~= record.kind, "a token's kind is 1 ... 63")
    precondition(record.position < 1 << 48, "a commit position has 48 bits")
    let oldHighWater = free.highWater
    free.take(slot)
    if free.highWater != oldHighWater { storeHighWater() }
    let words = span.words
    let first = Int(slot) * 8
    span.willChange(word: first, count: 8)
    let dead = TokenState(word: words.loadRelaxed(first)).nextDead
    words.storeRelaxed(first, dead.word)
    atomicMemoryFence(ordering: .releasing)
    words.storeRelaxed(first + 1, record.id.word0)
    words.storeRelaxed(first + 2, record.id.word1)
    words.storeRelaxed(first + 3, record.digest.word0)
    words.storeRelaxed(first + 4, record.digest.word1)
    words.storeRelaxed(first + 5, record.position << 16 | UInt64(record.scopeSet))
    words.storeRelaxed(
      first + 6, UInt64(record.grant) << 32 | UInt64(record.audience) << 16 | UInt64(record.flags))
    words.storeRelaxed(first + 7, UInt64(record.app) << 32 | UInt64(record.user))
    let live = dead.live(
      kind: record.kind, keyID: record.keyID, expirySeconds: record.expirySeconds)
    words.storeReleasing(first, live.word)
  }

  /// Ends a live token before its time: one store. The record stays, so that a verdict can tell
  /// "revoked" from "unknown", until `kill` frees its slot.
  public mutating func revoke(_ slot: UInt32) {
    precondition(isLive(slot), "only a live token can be revoked")
    let first = Int(slot) * 8
    span.willChange(word: first, count: 1)
    span.words.storeReleasing(first, TokenState(word: span.words.loadRelaxed(first)).revoked.word)
  }

  /// Frees the slot of a token, live or revoked: one store. The slot may be used again at once;
  /// take the entry out of the index as well.
  public mutating func kill(_ slot: UInt32) {
    precondition(reader.isTaken(slot), "only a token's slot can be freed")
    let first = Int(slot) * 8
    span.willChange(word: first, count: 1)
    span.words.storeReleasing(first, TokenState(word: span.words.loadRelaxed(first)).nextDead.word)
    free.give(slot)
  }

  /// Finds the free slots again from the records, after a snapshot was loaded. O(highWater).
  public mutating func rebuildFreeList() {
    let reader = reader
    free.rebuild(highWater: Int(span.words.loadRelaxed(1))) { reader.isTaken($0) }
  }

  private func storeHighWater() {
    span.willChange(word: 1, count: 1)
    span.words.storeRelaxed(1, UInt64(free.highWater))
  }
}
