import Synchronization

/// A table of fat records with a fixed stride: apps, users, grants, families, codes and the like.
///
/// One writer (the commit lane). Its bytes are stored word by word with relaxed atomics, so a
/// worker may read chosen fields through ``reader`` while the lane writes: what it gets is defined,
/// and ``RecordReader/copyBytes(_:offset:into:)`` says whether it was disturbed.
///
/// A slot is a header word (bit 63 live, bit 62 being written, low 32 bits generation) and a
/// payload of `strideBytes - 8` bytes. Slot 0 is none; its word 1 holds the high-water mark.
public struct RecordTable: ~Copyable {
  public let reader: RecordReader
  private let span: ArenaSpan
  private var free: FreeSlots

  /// Takes the table as it lies in the arena: empty, or as a snapshot left it.
  public init(_ arena: Arena, _ kind: RecordKind) {
    let limits = arena.layout.limits[kind]
    span = arena.span(.records(kind))
    reader = RecordReader(words: span.words, strideBytes: limits.strideBytes)
    free = FreeSlots(capacity: limits.capacity)
    rebuildFreeList()
  }

  /// Slots are 1 ... `capacity`.
  public var capacity: Int { free.capacity }
  /// The highest slot ever used. Live records lie in 1 ... `highWater`.
  public var highWater: Int { free.highWater }
  public var liveCount: Int { free.takenCount }
  public var payloadBytes: Int { reader.payloadBytes }

  /// The slot that the next record should take after `k` others; nil when the table is full.
  /// Changes nothing.
  public func freeSlot(after k: Int = 0) -> UInt32? { free.peek(k) }

  /// Whether the slot holds a record. A slot outside the table traps.
  public func isLive(_ slot: UInt32) -> Bool { reader.isLive(slot) }

  /// The first live slot after the cursor; nil at the end. Start with 0, go on with the result.
  /// Costs one load for each slot skipped; examines at most `limit` slots.
  public func nextLive(after cursor: UInt32, limit: Int = .max) -> UInt32? {
    var slot = Int(cursor) + 1
    let end = limit < highWater - Int(cursor) ? Int(cursor) + limit : highWater
    while slot <= end {
      if reader.isLive(UInt32(slot)) { return UInt32(slot) }
      slot += 1
    }
    return nil
  }

  /// The payload's bytes of a slot, live or not; for the lane.
  public func bytes(_ slot: UInt32, offset: Int = 0, count: Int) -> [UInt8] {
    reader.bytes(slot, offset: offset, count: count)
  }

  /// Fills a free slot; the payload's rest is zeroed.
  public mutating func occupy(_ slot: UInt32, _ bytes: [UInt8]) {
    let oldHighWater = free.highWater
    free.take(slot)
    if free.highWater != oldHighWater {
      span.willChange(word: 1, count: 1)
      span.words.storeRelaxed(1, UInt64(free.highWater))
    }
    write(slot, bytes, offset: 0, zeroRest: true)
  }

  /// Replaces a live record; the payload's rest is zeroed. Words that stay equal are not stored, so
  /// a reader of a field that no overwrite changes is never disturbed in its bytes.
  public mutating func overwrite(_ slot: UInt32, _ bytes: [UInt8]) {
    precondition(isLive(slot), "only a live record can be overwritten")
    write(slot, bytes, offset: 0, zeroRest: true)
  }

  /// Replaces `bytes.count` bytes of a live record, from a multiple of 8 on.
  public mutating func overwrite(_ slot: UInt32, offset: Int, _ bytes: [UInt8]) {
    precondition(isLive(slot), "only a live record can be overwritten")
    write(slot, bytes, offset: offset, zeroRest: false)
  }

  /// Ends a live record. Its bytes stay until the slot is used again.
  public mutating func free(_ slot: UInt32) {
    precondition(isLive(slot), "only a live record can be freed")
    let first = reader.firstWord(slot)
    span.willChange(word: first, count: 1)
    let header = RecordHeader(word: span.words.loadRelaxed(first))
    span.words.storeReleasing(first, header.next(live: false, writing: false).word)
    free.give(slot)
  }

  /// Finds the free slots again from the records, after a snapshot was loaded. O(highWater).
  public mutating func rebuildFreeList() {
    let reader = reader
    free.rebuild(highWater: Int(span.words.loadRelaxed(1))) { reader.isLive($0) }
  }

  /// The one place where a record's bytes change.
  private func write(_ slot: UInt32, _ bytes: [UInt8], offset: Int, zeroRest: Bool) {
    precondition(offset >= 0 && offset % 8 == 0, "a partial write starts at a multiple of 8")
    precondition(offset + bytes.count <= payloadBytes, "the record is longer than its slot")
    let words = span.words
    let header = reader.firstWord(slot)
    let end = zeroRest ? payloadBytes : offset + bytes.count
    span.willChange(word: header, count: 1 + (end + 7) / 8)
    let writing = RecordHeader(word: words.loadRelaxed(header))
    words.storeRelaxed(header, writing.next(live: writing.isLive, writing: true).word)
    atomicMemoryFence(ordering: .releasing)
    var place = offset
    while place < end {
      let index = header + 1 + place / 8
      let old = words.loadRelaxed(index)
      let new = Self.word(bytes, at: place - offset, over: zeroRest ? 0 : old)
      if new != old { words.storeRelaxed(index, new) }
      place += 8
    }
    let done = RecordHeader(word: words.loadRelaxed(header)).next(live: true, writing: false)
    words.storeReleasing(header, done.word)
  }

  /// Eight bytes from `place` on, little-endian; bytes past the end are those of `old`.
  private static func word(_ bytes: [UInt8], at place: Int, over old: UInt64) -> UInt64 {
    if place >= bytes.count { return old }
    if place + 8 <= bytes.count {
      return unsafe bytes.withUnsafeBytes {
        UInt64(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      }
    }
    var word = old
    for index in place..<bytes.count {
      let shift = UInt64((index - place) * 8)
      word = word & ~(0xff << shift) | UInt64(bytes[index]) << shift
    }
    return word
  }
}

/// A record's first word.
struct RecordHeader: BitwiseCopyable {
  var word: UInt64

  var isLive: Bool { word >> 63 == 1 }
  var isBeingWritten: Bool { word >> 62 & 1 == 1 }
  var generation: UInt32 { UInt32(truncatingIfNeeded: word) }

  func next(live: Bool, writing: Bool) -> RecordHeader {
    RecordHeader(
      word: (live ? 1 << 63 : 0) | (writing ? 1 << 62 : 0) | UInt64(generation &+ 1))
  }
}
