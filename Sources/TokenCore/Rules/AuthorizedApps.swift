extension ServiceState {
  /// AUTHORIZED_APPS (F22): one entry for each application that a person allowed something or that
  /// has a live grant of the person. In the order of the applications' slots, which the cursor
  /// counts.
  func authorizedApps(
    _ person: Person, user: [UInt8], _ page: Page, _ plan: Plan
  ) throws(Refusal) -> Outcome {
    try requirePerson(person)
    let user = try namedUser(person, user)
    guard let found = findUser(user) else { return .authorizedApps([], next: 0) }
    let authorizations = authorizations(ofUser: found.slot, plan)
    var budget = PageBudget(page)
    var entries: [AuthorizedApplication] = []
    var last = page.cursor
    for slot in authorizations.keys.sorted() where UInt64(slot) > page.cursor {
      guard let app = apps[slot], !app.isDeleted, let authorization = authorizations[slot] else {
        continue
      }
      let entry = AuthorizedApplication(
        app: app, scope: authorization.scopeText,
        firstAuthorizedAtMillis: authorization.firstAtMillis, grants: authorization.grants)
      guard budget.take(entry.byteCount) else { return .authorizedApps(entries, next: last) }
      entries.append(entry)
      last = UInt64(slot)
    }
    return .authorizedApps(entries, next: 0)
  }

  /// The person meant: oneself unless an administrator names another.
  func namedUser(_ person: Person, _ asked: [UInt8]) throws(Refusal) -> [UInt8] {
    let user = asked.isEmpty ? person.user : asked
    try requireUserID(user, field: "user")
    if !person.administers { try requireSelf(person, asked) }
    return user
  }

  private func authorizations(
    ofUser userSlot: UInt32, _ plan: Plan
  ) -> [UInt32: AppAuthorization] {
    var authorizations: [UInt32: AppAuthorization] = [:]
    for slot in consentSlots(ofUser: userSlot) {
      guard let consent = consents[slot] else { continue }
      authorizations[consent.appSlot, default: AppAuthorization()].note(
        scopeText(consent.scopeSet), atMillis: consent.firstAllowedAtMillis)
    }
    for slot in grantSlots(ofUser: userSlot) {
      guard let grant = grants[slot], isAlive(grant, slot: slot, nowMillis: plan.nowMillis)
      else { continue }
      var authorization = authorizations[grant.appSlot] ?? AppAuthorization()
      authorization.note(scopeText(grant.scopeSet), atMillis: grant.createdAtMillis)
      authorization.grants += 1
      authorizations[grant.appSlot] = authorization
    }
    return authorizations
  }
}

/// What one person's consents and grants for one application come to.
private struct AppAuthorization {
  private var scopes: Set<[UInt8]> = []
  private(set) var firstAtMillis = UInt64.max
  var grants: UInt32 = 0

  mutating func note(_ scope: [UInt8], atMillis: UInt64) {
    for one in scope.split(separator: 0x20) { scopes.insert(Array(one)) }
    firstAtMillis = min(firstAtMillis, atMillis)
  }

  /// Over several grants there can be more than one `ScopeSet` may hold.
  var scopeText: [UInt8] {
    Array(scopes.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0x20]))
  }
}

extension AuthorizedApplication {
  /// Bytes of its group in a reply: two sizes, the application's texts with their lengths and two
  /// flags, the scope, a time and a count.
  var byteCount: Int {
    let fields = app.fields
    return 2 + 2 + 5 * 2 + app.clientID.count + fields.name.count + fields.description.count
      + fields.homepage.count + fields.iconURL.count + 2 + 2 + scope.count + 8 + 4
  }
}
