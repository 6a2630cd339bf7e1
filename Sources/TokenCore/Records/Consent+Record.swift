extension Consent: StoredRecord {
  static let kind = RecordKind.consent
  static let byteCount = 2 * 4 + 2 + 8 + (2 + Limits.redirectURIMaxBytes)

  static let fields: [RowField] = [
    .row(.users, at: 0), .row(.apps, at: 4), .row(.scopeSets, at: 8), .time(at: 10),
  ]

  init(from reader: inout FieldReader) {
    let userSlot = reader.u32()
    let appSlot = reader.u32()
    let scopeSet = reader.u16()
    let firstAllowedAtMillis = reader.u64()
    self.init(
      userSlot: userSlot, appSlot: appSlot, scopeSet: scopeSet,
      redirectURI: reader.text(capacity: Limits.redirectURIMaxBytes),
      firstAllowedAtMillis: firstAllowedAtMillis)
  }

  func write(to writer: inout FieldWriter) {
    writer.u32(userSlot)
    writer.u32(appSlot)
    writer.u16(scopeSet)
    writer.u64(firstAllowedAtMillis)
    writer.text(redirectURI, capacity: Limits.redirectURIMaxBytes)
  }
}

extension UsedTicket: StoredRecord {
  static let kind = RecordKind.ticket
  static let byteCount = 16 + 8
  static let fields: [RowField] = [.time(at: 16)]

  init(from reader: inout FieldReader) {
    let id = reader.id()
    self.init(id: id, expiresAtMillis: reader.u64())
  }

  func write(to writer: inout FieldWriter) {
    writer.id(id)
    writer.u64(expiresAtMillis)
  }
}
