extension Settings: StoredRecord {
  static let kind = RecordKind.setting
  static let byteCount =
    2 + 7 * 4 + (2 + Limits.issuerMaxBytes)
    + (2 + Limits.allowlistTotalMaxBytes + 2 * Limits.allowlistMaxCount)
  static let fields: [RowField] = []

  init(from reader: inout FieldReader) {
    self.init()
    let switches = reader.u16()
    isProviderEnabled = switches & 1 != 0
    restrictsIntegrationsToAdmins = switches & 2 != 0
    enablesUsernameOverride = switches & 4 != 0
    enablesIconOverride = switches & 8 != 0
    allowsDynamicRegistration = switches & 16 != 0
    requiresHTTPSURLs = switches & 32 != 0
    issuesRefreshTokensToPublicClients = switches & 64 != 0
    revokesOnPasswordChange = switches & 128 != 0
    codeLifetimeSeconds = reader.u32()
    accessTokenLifetimeSeconds = reader.u32()
    refreshIdleSeconds = reader.u32()
    refreshAbsoluteSeconds = reader.u32()
    refreshGraceSeconds = reader.u32()
    grantsPerUser = reader.u32()
    _ = reader.u32()
    issuer = reader.text(capacity: Limits.issuerMaxBytes)
    let count = min(Int(reader.u16()), Limits.allowlistMaxCount)
    var room = FieldReader(
      reader.raw(Limits.allowlistTotalMaxBytes + 2 * Limits.allowlistMaxCount))
    dynamicRegistrationAllowlist = (0..<count).map { _ in room.text() }
  }

  func write(to writer: inout FieldWriter) {
    let switches: [Bool] = [
      isProviderEnabled, restrictsIntegrationsToAdmins, enablesUsernameOverride,
      enablesIconOverride, allowsDynamicRegistration, requiresHTTPSURLs,
      issuesRefreshTokensToPublicClients, revokesOnPasswordChange,
    ]
    var word: UInt16 = 0
    for (bit, isOn) in switches.enumerated() where isOn { word |= 1 << UInt16(bit) }
    writer.u16(word)
    writer.u32(codeLifetimeSeconds)
    writer.u32(accessTokenLifetimeSeconds)
    writer.u32(refreshIdleSeconds)
    writer.u32(refreshAbsoluteSeconds)
    writer.u32(refreshGraceSeconds)
    writer.u32(grantsPerUser)
    writer.u32(0)
    writer.text(issuer, capacity: Limits.issuerMaxBytes)
    writer.u16(UInt16(dynamicRegistrationAllowlist.count))
    var used = 0
    for glob in dynamicRegistrationAllowlist {
      writer.text(glob)
      used += 2 + glob.count
    }
    writer.zeros(Limits.allowlistTotalMaxBytes + 2 * Limits.allowlistMaxCount - used)
  }
}
