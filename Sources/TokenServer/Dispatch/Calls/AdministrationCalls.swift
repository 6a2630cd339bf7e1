internal import TokenCore
internal import TokenWire

// Users, mass revocation, settings, keys, audit.

extension UserDisableRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.disableUser(user))
  }
}

extension UserEnableRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.enableUser(user)) }
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

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .applied(let applied) = answer.outcome else { return nil }
    return RevokeUserReply(position: answer.position, applied: applied)
  }
}

extension RevokeAppRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.revokeApp(clientID: clientId))
  }
}

extension RevokeBeforeRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.revokeBefore(before))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .gate(let position) = answer.outcome else { return nil }
    return RevokeBeforeReply(position: answer.position, gatePosition: position)
  }
}

extension SettingsGetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.getSettings(Person(acting)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .settings(let settings) = answer.outcome else { return nil }
    return SettingsReply(settings, position: answer.position)
  }
}

extension SettingsSetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .setSettings(
        Person(acting), settings.map { SettingChange(name: $0.name, value: $0.value) }))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .settings(let settings) = answer.outcome else { return nil }
    return SettingsReply(settings, position: answer.position)
  }
}

extension KeysListRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.listKeys) }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .keys(let keys) = answer.outcome else { return nil }
    let entries = keys.map {
      KeyEntry(
        keyId: $0.key.keyID, state: $0.key.state.rawValue, createdAt: $0.key.createdAtMillis,
        liveTokens: $0.liveTokens)
    }
    return KeysListReply(position: answer.position, keys: entries)
  }
}

extension KeysRotateRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.rotateKey(salt: mint.id()))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .keyRotated(let keyID) = answer.outcome else { return nil }
    return KeysRotateReply(position: answer.position, keyId: keyID)
  }
}

extension KeysRetireRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.retireKey(keyID: keyId, force: force))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .keyRetired(let killed) = answer.outcome else { return nil }
    return KeysRetireReply(position: answer.position, killedTokens: killed)
  }
}

extension AuditRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.audit(Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .audit(let records, let next) = answer.outcome else { return nil }
    return AuditReply(
      position: answer.position, nextCursor: next, records: records.map { AuditEntry($0) }
    )
  }
}

extension MetadataRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.metadata) }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .metadata(let settings) = answer.outcome else { return nil }
    let reply = MetadataReply(
      position: answer.position, issuer: settings.issuer,
      providerEnabled: settings.isProviderEnabled,
      dynamicRegistration: settings.allowsDynamicRegistration, scopes: Limits.defaultScope,
      grants: TokenCore.GrantTypes.standard.rawValue, challengeMethods: Array("S256".utf8),
      authMethods: Array("client_secret_basic client_secret_post none".utf8))
    return reply
  }
}
