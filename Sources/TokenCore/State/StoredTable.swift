/// A table of one kind of record: `RecordTable` with values instead of bytes.
struct StoredTable<Record: StoredRecord>: ~Copyable {
  private var table: RecordTable
  /// What is about to be put, in memory that is used again.
  private var writer = FieldWriter(byteCount: Record.byteCount)

  init(_ arena: Arena) {
    table = RecordTable(arena, Record.kind)
    precondition(
      table.payloadBytes >= Record.byteCount, "the table's stride has room for its record")
  }

  var reader: RecordReader { table.reader }
  var capacity: Int { table.capacity }
  var highWater: Int { table.highWater }
  var liveCount: Int { table.liveCount }

  /// The record in a live slot; nil in a free one and in slot 0.
  subscript(slot: UInt32) -> Record? {
    guard slot != 0, table.isLive(slot) else { return nil }
    var reader = FieldReader(table.bytes(slot, count: Record.byteCount))
    return Record(from: &reader)
  }

  /// The slot the next record takes after `k` others; nil when the table is full.
  func freeSlot(after k: Int) -> UInt32? { table.freeSlot(after: k) }

  func isLive(_ slot: UInt32) -> Bool { table.isLive(slot) }

  /// The first live slot after `cursor`; one look at each slot between.
  func nextLive(after cursor: UInt32) -> UInt32? { table.nextLive(after: cursor) }

  /// Eight bytes of a record, from a multiple of 8 on, for what looks at many and needs few fields.
  func word(_ slot: UInt32, _ offset: Int) -> UInt64 { table.reader.word(slot, offset: offset) }

  /// Puts the record into the slot, whether it is free or holds another. Returns what it held.
  mutating func exchange(_ record: Record, in slot: UInt32) -> Record? {
    let previous = self[slot]
    put(record, in: slot)
    return previous
  }

  /// Puts the record into the slot, whether it is free or holds another, which is not looked at.
  mutating func put(_ record: Record, in slot: UInt32) {
    writer.removeAll()
    record.write(to: &writer)
    precondition(writer.bytes.count == Record.byteCount, "a record has a fixed size")
    if table.isLive(slot) {
      table.overwrite(slot, writer.bytes)
    } else {
      table.occupy(slot, writer.bytes)
    }
  }

  /// Empties a live slot and returns what it held.
  mutating func free(_ slot: UInt32) -> Record {
    guard let record = self[slot] else { preconditionFailure("only a live slot can be freed") }
    table.free(slot)
    return record
  }
}
