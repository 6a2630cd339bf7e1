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

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .registered(let clientID, let isPublic, let notes) = answer.outcome else {
      unexpected(answer)
    }
    let reply = AppRegisterReply(
      position: answer.position, clientId: clientID,
      clientSecret: isPublic ? [] : mint.secretText(seed: answer.seed),
      callbacks: fields.callbacks, notes: notes.rawValue)
    reply.write(to: &writer)
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

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .registeredDynamically(let app) = answer.outcome else { unexpected(answer) }
    let method = authMethod.isEmpty ? Array("client_secret_basic".utf8) : authMethod
    let reply = AppRegisterDynamicReply(
      position: answer.position, clientId: app.clientID,
      clientSecret: app.fields.isPublic ? [] : mint.secretText(seed: answer.seed),
      clientName: app.fields.name, clientUri: app.fields.homepage,
      redirectUris: app.fields.callbacks, authMethod: method,
      grants: app.fields.grantTypes.rawValue, scope: app.fields.scopes,
      issuedAt: app.createdAtMillis)
    reply.write(to: &writer)
  }
}

extension AppGetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.getApp(Person(acting), clientID: clientId))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .app(let app, _) = answer.outcome else { unexpected(answer) }
    AppReply(position: answer.position, app: AppEntry(app)).write(to: &writer)
  }
}

extension AppInfoRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.appInfo(Person(acting), clientID: clientId))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .app(let app, _) = answer.outcome else { unexpected(answer) }
    AppInfoReply(position: answer.position, app: AppInfo(app.app)).write(to: &writer)
  }
}

extension AppListRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.listApps(Person(acting), all: all, Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .apps(let apps, let next) = answer.outcome else { unexpected(answer) }
    AppListReply(position: answer.position, nextCursor: next, apps: apps.map { AppEntry($0) })
      .write(to: &writer)
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

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .app(let app, let notes) = answer.outcome else { unexpected(answer) }
    AppUpdateReply(position: answer.position, app: AppEntry(app), notes: notes.rawValue)
      .write(to: &writer)
  }
}

extension AppDeleteRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.deleteApp(Person(acting), clientID: clientId))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writePosition(answer, to: &writer)
  }
}

extension AppRegenerateSecretRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let secret = mint.digest(ofSecret: mint.secretText(seed: seed))
    return .operation(.regenerateSecret(Person(acting), clientID: clientId, secret))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .done = answer.outcome else { unexpected(answer) }
    AppRegenerateSecretReply(
      position: answer.position, clientSecret: mint.secretText(seed: answer.seed)
    ).write(to: &writer)
  }
}
