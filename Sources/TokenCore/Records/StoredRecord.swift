/// A value with a fixed place in the arena. Fields lie in declaration order, little-endian, texts
/// with a length and room for their maximum: the bytes are part of the snapshot format.
protocol StoredRecord: Sendable {
  /// Which table holds it.
  static var kind: RecordKind { get }
  /// Bytes of one record; the slot's stride is the next multiple of 64 above it and its header.
  static var byteCount: Int { get }

  /// Reads what `write` wrote.
  init(from reader: inout FieldReader)
  /// Appends exactly `byteCount` bytes.
  func write(to writer: inout FieldWriter)
}

extension StoredRecord {
  /// The stride of its table: the slot header (8 bytes) and the record, in whole cache lines.
  static var strideBytes: Int { (8 + byteCount + 63) / 64 * 64 }

  func encoded() -> [UInt8] {
    var writer = FieldWriter(byteCount: Self.byteCount)
    write(to: &writer)
    precondition(writer.bytes.count == Self.byteCount, "a record has a fixed size")
    return writer.bytes
  }
}
