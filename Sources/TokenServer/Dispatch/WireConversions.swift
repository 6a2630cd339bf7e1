internal import TokenCore
internal import TokenWire

// Words of the protocol ⇄ words of the rules. Field by field, nothing is judged here.

extension Person {
  init(_ acting: Acting) {
    let login: Login =
      switch acting.login {
      case .local: .local
      case .session: .session
      case .oauthToken: .oauthToken
      }
    self.init(user: acting.user, isSystemAdmin: acting.systemAdmin, login: login)
  }
}

extension ApplicationFields {
  init(_ fields: AppFields) {
    self.init(
      name: fields.name, description: fields.description, homepage: fields.homepage,
      iconURL: fields.iconUrl, callbacks: fields.callbacks, isTrusted: fields.trusted,
      isPublic: fields.isPublic, grantTypes: TokenCore.GrantTypes(rawValue: fields.grants),
      audiences: fields.audiences, scopes: fields.scopes)
  }
}

extension AppEntry {
  init(_ description: AppDescription) {
    let app = description.app
    self.init(
      clientId: app.clientID, creator: description.creator, name: app.fields.name,
      description: app.fields.description, homepage: app.fields.homepage,
      iconUrl: app.fields.iconURL, callbacks: app.fields.callbacks,
      trusted: app.fields.isTrusted, isPublic: app.fields.isPublic,
      dynamicallyRegistered: app.isDynamicallyRegistered, grants: app.fields.grantTypes.rawValue,
      audiences: app.fields.audiences, scopes: app.fields.scopes, revision: app.revision,
      createdAt: app.createdAtMillis, updatedAt: app.updatedAtMillis)
  }
}

extension AppInfo {
  init(_ app: ClientApplication) {
    self.init(
      clientId: app.clientID, name: app.fields.name, description: app.fields.description,
      homepage: app.fields.homepage, iconUrl: app.fields.iconURL, trusted: app.fields.isTrusted,
      isPublic: app.fields.isPublic)
  }

  static let none = AppInfo(
    clientId: [], name: [], description: [], homepage: [], iconUrl: [], trusted: false,
    isPublic: false)
}

extension GrantEntry {
  init(_ description: GrantDescription, _ mint: borrowing TokenMint) {
    self.init(
      grant: mint.grantText(description.grant.id), clientId: description.clientID,
      appName: description.appName, user: description.user, scope: description.scope,
      audience: description.audience, createdAt: description.grant.createdAtMillis,
      lastIssuedAt: description.grant.lastIssuedAtMillis,
      expiresAt: UInt64(description.grant.expiresAtSeconds) * 1_000,
      hasRefresh: description.grant.familySlot != 0)
  }
}

extension AuditEntry {
  init(_ record: AuditRecord) {
    let result = Refusal.Reason(rawValue: record.refusal).flatMap { Status(rawValue: $0.rawValue) }
    self.init(
      position: record.position, at: record.atMillis, event: Array(record.event.name.utf8),
      actor: record.actor, user: record.user, clientId: record.clientID,
      peerUid: record.peerUID, result: Array((result?.name ?? "OK").utf8))
  }
}

extension SettingsReply {
  init(_ settings: Settings, position: UInt64) {
    self.init(
      position: position,
      settings: SettingRegistry.values(of: settings).map {
        SettingEntry(name: $0.name, value: $0.value)
      })
  }
}

extension Page {
  /// 0 asks for the most that a reply may hold.
  init(cursor: UInt64, maxBytes: UInt32) {
    let most = WireLimits.listReplyBytes
    self.init(cursor: cursor, maxBytes: maxBytes == 0 ? most : min(Int(maxBytes), most))
  }
}
