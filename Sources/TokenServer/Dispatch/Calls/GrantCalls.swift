internal import TokenCore
internal import TokenWire

// Grants and authorized applications.

extension GrantListRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .listGrants(
        Person(acting), user: user, clientID: clientId,
        Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .grants(let grants, let next) = answer.outcome else { return nil }
    var entries: [GrantEntry] = []
    for grant in grants { entries.append(GrantEntry(grant, mint)) }
    return GrantListReply(position: answer.position, nextCursor: next, grants: entries)
  }
}

extension GrantGetRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    guard GrantReference.isReadable(reference) else { return .refused(GrantReference.unreadable) }
    return .operation(.getGrant(Person(acting), mint.grantReference(reference)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .grant(let grant) = answer.outcome else { return nil }
    return GrantReply(position: answer.position, grant: GrantEntry(grant, mint))
  }
}

extension GrantRevokeRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    guard GrantReference.isReadable(reference) else { return .refused(GrantReference.unreadable) }
    return .operation(.revokeGrant(Person(acting), mint.grantReference(reference)))
  }
}

extension AuthorizedAppsRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .authorizedApps(
        Person(acting), user: user, Page(cursor: cursor, maxBytes: maxBytes)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .authorizedApps(let apps, let next) = answer.outcome else { return nil }
    let entries = apps.map {
      AuthorizedApp(
        app: AppInfo($0.app), scope: $0.scope, firstAuthorizedAt: $0.firstAuthorizedAtMillis,
        grants: $0.grants)
    }
    return AuthorizedAppsReply(position: answer.position, nextCursor: next, apps: entries)
  }
}

extension DeauthorizeRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.deauthorize(Person(acting), user: user, clientID: clientId))
  }
}
