internal import TokenCore
internal import TokenWire

// Users, mass revocation, settings, keys, audit.

extension UserDisableRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.disableUser(user))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writePosition(answer, to: &writer)
  }
}

extension UserEnableRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.enableUser(user)) }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writePosition(answer, to: &writer)
  }
}

extension RevokeUserRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let why: RevokeUserReason =
      switch reason {
      case .allSessions: .allSessions
      case .passwordChanged: .passwordChanged
      case .userDeleted: .userDeleted
      }
    return .operation(.revokeUser(user, why))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .applied(let applied) = answer.outcome else { unexpected(answer) }
    RevokeUserReply(position: answer.position, applied: applied).write(to: &writer)
  }
}

extension RevokeAppRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.revokeApp(clientID: clientId))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writePosition(answer, to: &writer)
  }
}

extension RevokeBeforeRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.revokeBefore(before))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .gate(let position) = answer.outcome else { unexpected(answer) }
    RevokeBeforeReply(position: answer.position, gatePosition: position).write(to: &writer)
  }
}

extension SettingsGetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.getSettings(Person(acting)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .settings(let settings) = answer.outcome else { unexpected(answer) }
    SettingsReply(settings, position: answer.position).write(to: &writer)
  }
}

extension SettingsSetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .setSettings(
        Person(acting), settings.map { SettingChange(name: $0.name, value: $0.value) }))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .settings(let settings) = answer.outcome else { unexpected(answer) }
    SettingsReply(settings, position: answer.position).write(to: &writer)
  }
}

extension KeysListRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.listKeys) }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .keys(let keys) = answer.outcome else { unexpected(answer) }
    let entries = keys.map {
      KeyEntry(
        keyId: $0.key.keyID, state: $0.key.state.rawValue, createdAt: $0.key.createdAtMillis,
        liveTokens: $0.liveTokens)
    }
    KeysListReply(position: answer.position, keys: entries).write(to: &writer)
  }
}

extension KeysRotateRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.rotateKey(salt: mint.id()))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .keyRotated(let keyID) = answer.outcome else { unexpected(answer) }
    KeysRotateReply(position: answer.position, keyId: keyID).write(to: &writer)
  }
}

extension KeysRetireRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.retireKey(keyID: keyId, force: force))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .keyRetired(let killed) = answer.outcome else { unexpected(answer) }
    KeysRetireReply(position: answer.position, killedTokens: killed).write(to: &writer)
  }
}

extension AuditRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.audit(Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .audit(let records, let next) = answer.outcome else { unexpected(answer) }
    AuditReply(
      position: answer.position, nextCursor: next, records: records.map { AuditEntry($0) }
    ).write(to: &writer)
  }
}

extension MetadataRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.metadata) }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .metadata(let settings) = answer.outcome else { unexpected(answer) }
    let reply = MetadataReply(
      position: answer.position, issuer: settings.issuer,
      providerEnabled: settings.isProviderEnabled,
      dynamicRegistration: settings.allowsDynamicRegistration, scopes: Limits.defaultScope,
      grants: TokenCore.GrantTypes.standard.rawValue, challengeMethods: Array("S256".utf8),
      authMethods: Array("client_secret_basic client_secret_post none".utf8))
    reply.write(to: &writer)
  }
}
