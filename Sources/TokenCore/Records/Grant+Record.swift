extension Grant: StoredRecord {
  static let kind = RecordKind.grant
  static let byteCount = 16 + 3 * 4 + 2 * 2 + 3 * 8 + 4
  /// Words that a start and reclaim read, many at a time, without decoding the record: the id's
  /// hash, application and user, position, expiry.
  static let hashOffset = 0
  static let ownersOffset = 16
  static let positionOffset = 32
  static let expiryOffset = 56

  static let fields: [RowField] = [
    .row(.apps, at: 16), .row(.users, at: 20), .row(.families, at: 24), .row(.scopeSets, at: 28),
    .row(.audiences, at: 30), .position(at: positionOffset), .time(at: 40), .time(at: 48),
  ]

  init(from reader: inout FieldReader) {
    let id = reader.id()
    let appSlot = reader.u32()
    let userSlot = reader.u32()
    let familySlot = reader.u32()
    let scopeSet = reader.u16()
    let audience = reader.u16()
    let position = reader.u64()
    let createdAtMillis = reader.u64()
    let lastIssuedAtMillis = reader.u64()
    self.init(
      id: id, appSlot: appSlot, userSlot: userSlot, scopeSet: scopeSet, audience: audience,
      familySlot: familySlot, position: position, createdAtMillis: createdAtMillis,
      expiresAtSeconds: reader.u32())
    self.lastIssuedAtMillis = lastIssuedAtMillis
  }

  func write(to writer: inout FieldWriter) {
    writer.id(id)
    writer.u32(appSlot)
    writer.u32(userSlot)
    writer.u32(familySlot)
    writer.u16(scopeSet)
    writer.u16(audience)
    writer.u64(position)
    writer.u64(createdAtMillis)
    writer.u64(lastIssuedAtMillis)
    writer.u32(expiresAtSeconds)
  }
}
