extension User: StoredRecord {
  static let kind = RecordKind.user
  static let byteCount = (2 + Limits.userIDMaxBytes) + 1 + 1 + 8

  /// The id comes first, at a fixed offset: workers copy it without decoding the rest.
  static let idLengthOffset = 0
  static let idOffset = 2
  /// The byte after the room for the id.
  static let flagsOffset = 2 + Limits.userIDMaxBytes
  static let disabledFlag: UInt8 = 1

  static let fields: [RowField] = [.time(at: flagsOffset + 2)]

  init(from reader: inout FieldReader) {
    let id = reader.text(capacity: Limits.userIDMaxBytes)
    let flags = reader.u8()
    _ = reader.u8()
    self.init(id: id, isDisabled: flags & Self.disabledFlag != 0, createdAtMillis: reader.u64())
  }

  func write(to writer: inout FieldWriter) {
    writer.text(id, capacity: Limits.userIDMaxBytes)
    writer.u8(isDisabled ? Self.disabledFlag : 0)
    writer.u8(0)
    writer.u64(createdAtMillis)
  }
}
