internal import TokenCore
internal import TokenWire

// Applications: registration, reading, changing.

extension AppRegisterRequest: ApplicationFieldsCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let secret = mint.digest(ofSecret: mint.secretText(seed: seed))
    return .operation(
      .registerApp(
        RegisterApplication(
          person: Person(acting), fields: ApplicationFields(fields),
          clientID: ClientID.text(mint.id()), secretDigest: secret)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .registered(let clientID, let isPublic, let notes) = answer.outcome else {
      return nil
    }
    let reply = AppRegisterReply(
      position: answer.position, clientId: clientID,
      clientSecret: isPublic ? [] : mint.secretText(seed: answer.seed),
      callbacks: fields.callbacks, notes: notes.rawValue)
    return reply
  }
}

extension AppRegisterDynamicRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let secret = mint.digest(ofSecret: mint.secretText(seed: seed))
    return .operation(
      .registerAppDynamically(
        RegisterDynamically(
          redirectURIs: redirectUris, authMethod: authMethod, clientName: clientName,
          clientURI: clientUri, scope: scope, clientID: ClientID.text(mint.id()),
          secretDigest: secret)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .registeredDynamically(let app) = answer.outcome else { return nil }
    let method = authMethod.isEmpty ? Array("client_secret_basic".utf8) : authMethod
    let reply = AppRegisterDynamicReply(
      position: answer.position, clientId: app.clientID,
      clientSecret: app.fields.isPublic ? [] : mint.secretText(seed: answer.seed),
      clientName: app.fields.name, clientUri: app.fields.homepage,
      redirectUris: app.fields.callbacks, authMethod: method,
      grants: app.fields.grantTypes.rawValue, scope: app.fields.scopes,
      issuedAt: app.createdAtMillis)
    return reply
  }
}

extension AppGetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.getApp(Person(acting), clientID: clientId))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .app(let app, _) = answer.outcome else { return nil }
    return AppReply(position: answer.position, app: AppEntry(app))
  }
}

extension AppInfoRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.appInfo(Person(acting), clientID: clientId))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .app(let app, _) = answer.outcome else { return nil }
    return AppInfoReply(position: answer.position, app: AppInfo(app.app))
  }
}

extension AppListRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.listApps(Person(acting), all: all, Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .apps(let apps, let next) = answer.outcome else { return nil }
    return AppListReply(
      position: answer.position, nextCursor: next, apps: apps.map { AppEntry($0) })
  }
}

extension AppUpdateRequest: ApplicationFieldsCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .updateApp(
        UpdateApplication(
          person: Person(acting), clientID: clientId, expectedRevision: revision,
          fields: ApplicationFields(fields))))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .app(let app, let notes) = answer.outcome else { return nil }
    return AppUpdateReply(position: answer.position, app: AppEntry(app), notes: notes.rawValue)
  }
}

extension AppDeleteRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.deleteApp(Person(acting), clientID: clientId))
  }
}

extension AppRegenerateSecretRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let secret = mint.digest(ofSecret: mint.secretText(seed: seed))
    return .operation(.regenerateSecret(Person(acting), clientID: clientId, secret))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .done = answer.outcome else { return nil }
    return AppRegenerateSecretReply(
      position: answer.position, clientSecret: mint.secretText(seed: answer.seed)
    )
  }
}
