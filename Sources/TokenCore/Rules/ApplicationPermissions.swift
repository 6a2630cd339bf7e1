// Who may do what to an application (F2, F5, F12, F24, F27-F30).

extension ServiceState {
  /// F2: whether somebody who is no system administrator may register and change applications.
  func requireMayIntegrate(_ person: Person) throws(Refusal) {
    guard person.administers || !settings.restrictsIntegrationsToAdmins else {
      throw Refusal(
        .forbidden,
        "only system administrators may register or change applications; one of them can set "
          + "restrict-integrations-to-admins to false")
    }
  }

  /// Looks at as many applications of the person as the limit says, deleted ones between them.
  func requireRoomForApp(of person: Person) throws(Refusal) {
    guard !person.administers, let slot = findUserSlot(person.user) else { return }
    guard liveApps(ofCreator: slot, atMost: Limits.appsPerCreator) < Limits.appsPerCreator else {
      throw Refusal(
        .limitReached, field: "acting.user",
        "one person registers at most \(Limits.appsPerCreator) applications; delete one that is "
          + "not used, or ask a system administrator to register it")
    }
  }

  /// Counts until `most` are found.
  private func liveApps(ofCreator userSlot: UInt32, atMost most: Int) -> Int {
    var count = 0
    var slot = derived.appsOfCreator.first(of: userSlot)
    while slot != 0 && count < most {
      if apps[slot]?.isDeleted == false { count += 1 }
      slot = derived.appsOfCreator.next(after: slot)
    }
    return count
  }

  /// Its creator, or a system administrator.
  func mayManage(_ app: ClientApplication, _ person: Person) -> Bool {
    #if PLANTED
      if planted(.strangerManagesApps) { return true }
    #endif
    return person.administers || isCreator(of: app, person)
  }

  private func isCreator(of app: ClientApplication, _ person: Person) -> Bool {
    app.creatorSlot != 0 && !person.user.isEmpty && userID(app.creatorSlot) == person.user
  }

  /// The application with this client id; a text that is no client id names none.
  ///
  /// - Parameter reason: how an unknown one is refused.
  func requireApp(
    _ clientID: [UInt8], or reason: Refusal.Reason = .notFound
  ) throws(Refusal) -> (slot: UInt32, app: ClientApplication) {
    guard let found = findApp(clientID) else {
      throw Refusal(reason, field: "clientId", "there is no application with this client id")
    }
    return found
  }

  /// The application, if it is this person's to manage.
  func requireOwnApp(
    _ clientID: [UInt8], _ person: Person
  ) throws(Refusal) -> (slot: UInt32, app: ClientApplication) {
    let found = try requireApp(clientID)
    guard mayManage(found.app, person) else {
      throw Refusal(
        .forbidden, field: "clientId",
        "only the person who registered this application or a system administrator may do this")
    }
    return found
  }
}

/// The fields of a request as its person may set them, and what became of the rest (F5, F30).
struct PermittedFields {
  var fields: ApplicationFields
  var notes: ApplicationNotes = []

  /// For a registration.
  init(registering asked: ApplicationFields, by person: Person) {
    fields = asked
    if !person.administers { withholdFromNewApp() }
    if fields.grantTypes.isEmpty { fields.grantTypes = .standard }
    if let scopes = ScopeSet(fields.scopes) { fields.scopes = scopes.text }
  }

  /// For a change of an application as it is stored.
  init(updating stored: ApplicationFields, to asked: ApplicationFields, by person: Person) {
    fields = asked
    if fields.grantTypes.isEmpty { fields.grantTypes = .standard }
    if let scopes = ScopeSet(fields.scopes) { fields.scopes = scopes.text }
    guard !person.administers else { return }
    keepGrants(of: stored)
    keepTrust(of: stored)
  }

  private mutating func withholdFromNewApp() {
    #if PLANTED
      if planted(.anybodySetsTrust) { return }
    #endif
    if fields.isTrusted {
      fields.isTrusted = false
      notes.insert(.trustIgnored)
    }
    let isElevated =
      !GrantTypes.standard.isSuperset(of: fields.grantTypes) || !fields.audiences.isEmpty
      || !fields.scopes.isEmpty
    guard isElevated else { return }
    fields.grantTypes.formIntersection(.standard)
    fields.audiences = []
    fields.scopes = []
    notes.insert(.grantsKept)
  }

  /// Code and refresh are everybody's to choose; the rest stays as an administrator left it.
  private mutating func keepGrants(of stored: ApplicationFields) {
    var own = fields.grantTypes.intersection(.standard)
    if own.isEmpty { own = stored.grantTypes.intersection(.standard) }
    let permitted = own.union(stored.grantTypes.subtracting(.standard))
    let isKept =
      permitted != fields.grantTypes || fields.audiences != stored.audiences
      || fields.scopes != stored.scopes
    fields.grantTypes = permitted
    fields.audiences = stored.audiences
    fields.scopes = stored.scopes
    if isKept { notes.insert(.grantsKept) }
  }

  /// What an administrator trusted is the application with this name, look and these callbacks.
  private mutating func keepTrust(of stored: ApplicationFields) {
    let asked = fields.isTrusted
    var staysTrusted = stored.isTrusted && Self.looksTheSame(stored, fields)
    #if PLANTED
      if planted(.ownerKeepsTrustAfterEdit) { staysTrusted = stored.isTrusted }
    #endif
    fields.isTrusted = staysTrusted
    if stored.isTrusted && !staysTrusted {
      notes.insert(.trustRemoved)
    } else if asked != stored.isTrusted {
      notes.insert(.trustIgnored)
    }
  }

  private static func looksTheSame(_ old: ApplicationFields, _ new: ApplicationFields) -> Bool {
    old.callbacks == new.callbacks && old.name == new.name && old.homepage == new.homepage
      && old.iconURL == new.iconURL
  }
}
