extension ServiceState {
  /// Leads an operation to its rule. One line each; the rules are in `Rules/`.
  func judge(_ operation: Operation, _ plan: inout Plan) throws(Refusal) -> Outcome {
    switch operation {
    case .issue(let request): try issue(request, &plan)
    case .authorize(let request): try authorize(request, &plan)
    case .allow(let answer): try allow(answer, &plan)
    case .deny(let answer): try deny(answer, &plan)
    case .exchange(let request): try exchange(request, &plan)
    case .refresh(let request): try refresh(request, &plan)
    case .clientCredentials(let request): try clientCredentials(request, &plan)
    case .clientRevoke(let client, let subject): try clientRevoke(client, subject, &plan)
    case .revoke(let subject): try revoke(subject, &plan)
    case .introspect(let subject): introspect(subject, plan)
    case .clientIntrospect(let client, let subject):
      try clientIntrospect(client, subject, &plan)
    case .registerApp(let request): try registerApp(request, &plan)
    case .registerAppDynamically(let request): try registerAppDynamically(request, &plan)
    case .getApp(let person, let clientID): try getApp(person, clientID)
    case .appInfo(let person, let clientID): try appInfo(person, clientID)
    case .listApps(let person, let all, let page): try listApps(person, all: all, page)
    case .updateApp(let request): try updateApp(request, &plan)
    case .deleteApp(let person, let clientID): try deleteApp(person, clientID, &plan)
    case .regenerateSecret(let person, let clientID, let digest):
      try regenerateSecret(person, clientID, digest, &plan)
    case .listGrants(let person, let user, let clientID, let page):
      try listGrants(person, user: user, clientID: clientID, page, plan)
    case .getGrant(let person, let reference): try getGrant(person, reference, plan)
    case .revokeGrant(let person, let reference): try revokeGrant(person, reference, &plan)
    case .authorizedApps(let person, let user, let page):
      try authorizedApps(person, user: user, page, plan)
    case .deauthorize(let person, let user, let clientID):
      try deauthorize(person, user: user, clientID: clientID, &plan)
    case .disableUser(let user): try disableUser(user, &plan)
    case .enableUser(let user): try enableUser(user, &plan)
    case .revokeUser(let user, let reason): try revokeUser(user, reason, &plan)
    case .revokeApp(let clientID): try revokeApp(clientID, &plan)
    case .revokeBefore(let millis): try revokeBefore(millis, &plan)
    case .getSettings(let person): try getSettings(person)
    case .setSettings(let person, let changes): try setSettings(person, changes, &plan)
    case .listKeys: listKeys()
    case .rotateKey(let salt): try rotateKey(salt, &plan)
    case .retireKey(let keyID, let force): try retireKey(keyID, force: force, &plan)
    case .audit(let page): listAudit(page)
    case .metadata: .metadata(settings)
    }
  }
}

extension Operation {
  /// Whether its reply holds something that a token key signed.
  var isSigned: Bool {
    switch self {
    case .issue, .authorize, .allow, .exchange, .refresh, .clientCredentials: true
    default: false
    }
  }

  /// The one application whose fields its rules will ask for; nil where they ask for none or many.
  var clientID: [UInt8]? {
    switch self {
    case .authorize(let request): request.clientID
    case .allow(let answer), .deny(let answer): answer.ticket?.clientID
    case .exchange(let request): request.client.clientID
    case .refresh(let request): request.client.clientID
    case .clientCredentials(let request): request.client.clientID
    case .clientRevoke(let client, _), .clientIntrospect(let client, _): client.clientID
    case .issue(let request): request.items.first?.clientID
    default: nil
    }
  }

  /// How many access tokens it may issue.
  var newTokenCount: Int {
    switch self {
    case .issue(let request): request.items.reduce(0) { $0 + $1.tokens.count }
    default: 1
    }
  }

  /// The same operation with its page cut to what a reply may hold.
  public func limitingPage(toBytes bytes: Int) -> Operation {
    switch self {
    case .listApps(let person, let all, let page):
      .listApps(person, all: all, page.limited(toBytes: bytes))
    case .listGrants(let person, let user, let clientID, let page):
      .listGrants(person, user: user, clientID: clientID, page.limited(toBytes: bytes))
    case .authorizedApps(let person, let user, let page):
      .authorizedApps(person, user: user, page.limited(toBytes: bytes))
    case .audit(let page): .audit(page.limited(toBytes: bytes))
    default: self
    }
  }

  /// Whether it may change something, and so pays for a little reclaim.
  public var isMutation: Bool {
    switch self {
    case .introspect, .clientIntrospect, .getApp, .appInfo, .listApps, .listGrants, .getGrant,
      .authorizedApps, .getSettings, .listKeys, .audit, .metadata:
      false
    default: true
    }
  }
}
