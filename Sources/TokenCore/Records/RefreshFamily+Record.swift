extension RefreshFamily: StoredRecord {
  static let kind = RecordKind.family
  static let byteCount = 2 * 16 + 4 + 3 * 1 + 1 + 3 * 4 + 3 * 2 + 2 + 3 * 8 + 3 * 4

  /// A word that reclaim reads without decoding the record: its lower half.
  static let grantSlotOffset = 40
  static let fields: [RowField] = [
    .row(.grants, at: grantSlotOffset), .row(.apps, at: 44), .row(.users, at: 48),
    .row(.scopeSets, at: 52),
    .row(.audiences, at: 54), .row(.scopeSets, at: 56), .position(at: 60), .time(at: 68),
    .time(at: 76),
  ]

  init(from reader: inout FieldReader) {
    let id = reader.id()
    let accessID = reader.id()
    let generation = reader.u32()
    let keyID = reader.u8()
    let accessKeyID = reader.u8()
    let flags = reader.u8()
    _ = reader.u8()
    let grantSlot = reader.u32()
    let appSlot = reader.u32()
    let userSlot = reader.u32()
    let scopeSet = reader.u16()
    let audience = reader.u16()
    let accessScopeSet = reader.u16()
    _ = reader.u16()
    let position = reader.u64()
    let createdAtMillis = reader.u64()
    let rotatedAtMillis = reader.u64()
    let absoluteExpirySeconds = reader.u32()
    let idleExpirySeconds = reader.u32()
    self.init(
      id: id, keyID: keyID, grantSlot: grantSlot, appSlot: appSlot, userSlot: userSlot,
      scopeSet: scopeSet, audience: audience, position: position,
      createdAtMillis: createdAtMillis, absoluteExpirySeconds: absoluteExpirySeconds,
      idleExpirySeconds: idleExpirySeconds)
    self.accessID = accessID
    self.generation = generation
    self.accessKeyID = accessKeyID
    self.isRevoked = flags & 1 != 0
    self.accessScopeSet = accessScopeSet
    self.rotatedAtMillis = rotatedAtMillis
    self.accessExpirySeconds = reader.u32()
  }

  func write(to writer: inout FieldWriter) {
    writer.id(id)
    writer.id(accessID)
    writer.u32(generation)
    writer.u8(keyID)
    writer.u8(accessKeyID)
    writer.u8(isRevoked ? 1 : 0)
    writer.u8(0)
    writer.u32(grantSlot)
    writer.u32(appSlot)
    writer.u32(userSlot)
    writer.u16(scopeSet)
    writer.u16(audience)
    writer.u16(accessScopeSet)
    writer.u16(0)
    writer.u64(position)
    writer.u64(createdAtMillis)
    writer.u64(rotatedAtMillis)
    writer.u32(absoluteExpirySeconds)
    writer.u32(idleExpirySeconds)
    writer.u32(accessExpirySeconds)
  }
}
