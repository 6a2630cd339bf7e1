// APP_REGISTER, APP_UPDATE, APP_DELETE, APP_REGENERATE_SECRET, APP_GET, APP_INFO.

extension ServiceState {
  /// F4-F11. The creator is the acting person; local administration without a person leaves none.
  func registerApp(
    _ request: RegisterApplication, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.appRegistered, by: request.person, clientID: request.clientID)
    try requirePerson(request.person)
    try requireProvider()
    try requireMayIntegrate(request.person)
    try requireRoomForApp(of: request.person)
    let permitted = PermittedFields(registering: request.fields, by: request.person)
    try ApplicationFieldRules(requiresHTTPS: settings.requiresHTTPSURLs).check(permitted.fields)
    let app = ClientApplication(
      clientID: request.clientID, fields: permitted.fields,
      creatorSlot: try creatorSlot(request.person, &plan), isDynamicallyRegistered: false,
      secretDigest: permitted.fields.isPublic ? .none : request.secretDigest,
      createdAtMillis: plan.nowMillis)
    plan.add(.app(try plan.takeAppSlot(self), app))
    return .registered(
      clientID: app.clientID, isPublic: app.fields.isPublic, notes: permitted.notes)
  }

  private func creatorSlot(_ person: Person, _ plan: inout Plan) throws(Refusal) -> UInt32 {
    person.user.isEmpty ? 0 : try plan.userSlot(person.user, self)
  }

  /// F27. Client id, creator, secret, kind of client and time of creation stay. Tokens and consents
  /// stay as well; a consent page that is open now asks again, since the revision is another.
  func updateApp(
    _ request: UpdateApplication, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.appUpdated, by: request.person, clientID: request.clientID)
    try requirePerson(request.person)
    try requireProvider()
    try requireMayIntegrate(request.person)
    let (slot, stored) = try requireOwnApp(request.clientID, request.person)
    try requireRevision(stored, request.expectedRevision)
    try requireSameKind(stored, request.fields)
    let permitted = PermittedFields(
      updating: stored.fields, to: request.fields, by: request.person)
    try fieldRules(of: stored).check(permitted.fields)
    let app = changed(stored, to: permitted.fields, atMillis: plan.nowMillis)
    plan.add(.app(slot, app))
    return .app(describe(app), notes: permitted.notes)
  }

  private func requireRevision(
    _ app: ClientApplication, _ expected: UInt32
  ) throws(Refusal) {
    guard expected == 0 || expected == app.revision else {
      throw Refusal(
        .revisionConflict, field: "revision",
        "the application was changed meanwhile: it has revision \(app.revision), not \(expected); "
          + "read it again and repeat the change")
    }
  }

  private func requireSameKind(
    _ app: ClientApplication, _ fields: ApplicationFields
  ) throws(Refusal) {
    guard fields.isPublic == app.fields.isPublic else {
      throw Refusal(
        .invalidField, field: "isPublic",
        "a client stays public or confidential; register another application")
    }
  }

  private func fieldRules(of app: ClientApplication) -> ApplicationFieldRules {
    ApplicationFieldRules(
      requiresHTTPS: settings.requiresHTTPSURLs,
      isDynamicallyRegistered: app.isDynamicallyRegistered)
  }

  private func changed(
    _ stored: ClientApplication, to fields: ApplicationFields, atMillis: UInt64
  ) -> ClientApplication {
    var app = stored
    app.updatedAtMillis = atMillis
    app.fields = fields
    app.revision = stored.revision == .max ? 1 : stored.revision + 1
    return app
  }

  /// F28. One gate ends every token, refresh token and code; consents are found no more and are
  /// reclaimed.
  func deleteApp(
    _ person: Person, _ clientID: [UInt8], _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.appDeleted, by: person, clientID: clientID)
    try requirePerson(person)
    let found = try requireOwnApp(clientID, person)
    var app = found.app
    app.isDeleted = true
    app.secretDigest = .none
    app.updatedAtMillis = plan.nowMillis
    plan.add(.gateRaised(.app(found.slot), position: plan.position))
    plan.add(.app(found.slot, app))
    return .done
  }

  /// F12, F13: another secret, and nothing else: the revision stays, so open consent pages stay
  /// good. It works with the provider off, so that a secret which got out can be replaced at once.
  func regenerateSecret(
    _ person: Person, _ clientID: [UInt8], _ digest: SecretDigest, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.secretRegenerated, by: person, clientID: clientID)
    try requirePerson(person)
    try requireMayIntegrate(person)
    var (slot, app) = try requireOwnApp(clientID, person)
    guard !app.fields.isPublic else {
      throw Refusal(.publicClient, field: "clientId", "a public client has no secret")
    }
    app.secretDigest = digest
    app.updatedAtMillis = plan.nowMillis
    plan.add(.app(slot, app))
    return .done
  }

  /// F29: everything but the secret, for who manages it.
  func getApp(_ person: Person, _ clientID: [UInt8]) throws(Refusal) -> Outcome {
    try requirePerson(person)
    return .app(describe(try requireOwnApp(clientID, person).app), notes: [])
  }

  /// F29: what any person may see; the caller shows name, description, homepage and icon only. The
  /// one operation that a person represented by an OAuth token may use.
  func appInfo(_ person: Person, _ clientID: [UInt8]) throws(Refusal) -> Outcome {
    var anyone = person
    if person.login == .oauthToken { anyone.login = .session }
    try requirePerson(anyone)
    return .app(describe(try requireApp(clientID).app), notes: [])
  }
}
