/// A value with a fixed place in the arena. Fields lie in declaration order, little-endian, texts
/// with a length and room for their maximum: the bytes are part of the snapshot format.
protocol StoredRecord: Sendable {
  /// Which table holds it.
  static var kind: RecordKind { get }
  /// Bytes of one record.
  static var byteCount: Int { get }
  /// Its fields that name other rows, positions and times, at their places in the stored form.
  static var fields: [RowField] { get }

  /// Reads what `write` wrote.
  init(from reader: inout FieldReader)
  /// Appends exactly `byteCount` bytes.
  func write(to writer: inout FieldWriter)
}

extension StoredRecord {
  /// The stride of its table: the slot header (8 bytes) and the record, in whole words. Not in
  /// whole cache lines: what lies in millions would then be a quarter to three quarters larger.
  static var strideBytes: Int { (8 + byteCount + 7) / 8 * 8 }

  func encoded() -> [UInt8] {
    var writer = FieldWriter(byteCount: Self.byteCount)
    write(to: &writer)
    precondition(writer.bytes.count == Self.byteCount, "a record has a fixed size")
    return writer.bytes
  }
}
