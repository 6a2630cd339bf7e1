extension AuthorizationCode: StoredRecord {
  static let kind = RecordKind.code
  static let byteCount =
    2 * 16 + 2 + 2 * 2 + 2 + 3 * 4 + 3 * 8 + (2 + Limits.codeChallengeBytes)
    + (2 + Limits.redirectURIMaxBytes)

  static let fields: [RowField] = [
    .row(.scopeSets, at: 34), .row(.audiences, at: 36), .row(.apps, at: 40), .row(.users, at: 44),
    .row(.grants, at: 48), .position(at: 52), .time(at: 60), .time(at: 68),
  ]

  init(from reader: inout FieldReader) {
    let id = reader.id()
    let producedGrantID = reader.id()
    let keyID = reader.u8()
    let state = State(rawValue: reader.u8()) ?? .burnt
    let scopeSet = reader.u16()
    let audience = reader.u16()
    _ = reader.u16()
    let appSlot = reader.u32()
    let userSlot = reader.u32()
    let producedGrantSlot = reader.u32()
    let position = reader.u64()
    let createdAtMillis = reader.u64()
    let expiresAtMillis = reader.u64()
    let codeChallenge = reader.text(capacity: Limits.codeChallengeBytes)
    self.init(
      id: id, keyID: keyID, appSlot: appSlot, userSlot: userSlot, scopeSet: scopeSet,
      audience: audience, position: position, createdAtMillis: createdAtMillis,
      expiresAtMillis: expiresAtMillis, codeChallenge: codeChallenge,
      redirectURI: reader.text(capacity: Limits.redirectURIMaxBytes))
    self.state = state
    self.producedGrantSlot = producedGrantSlot
    self.producedGrantID = producedGrantID
  }

  func write(to writer: inout FieldWriter) {
    writer.id(id)
    writer.id(producedGrantID)
    writer.u8(keyID)
    writer.u8(state.rawValue)
    writer.u16(scopeSet)
    writer.u16(audience)
    writer.u16(0)
    writer.u32(appSlot)
    writer.u32(userSlot)
    writer.u32(producedGrantSlot)
    writer.u64(position)
    writer.u64(createdAtMillis)
    writer.u64(expiresAtMillis)
    writer.text(codeChallenge, capacity: Limits.codeChallengeBytes)
    writer.text(redirectURI, capacity: Limits.redirectURIMaxBytes)
  }
}
