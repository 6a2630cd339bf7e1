extension ServiceState {
  /// ISSUE: tokens without consent, for a local caller with the right `issue`. One grant for each
  /// item; all of them or none. One pass: an application with a scope, or a person, that many items
  /// name is looked up once.
  func issue(_ request: IssueTokens, _ plan: inout Plan) throws(Refusal) -> Outcome {
    guard areUsableKeys(of: request) else { return .stalePreparation }
    try requireProvider()
    plan.audit = auditSubject(request)
    try requireTokenCount(request)
    touchIndex(of: request)
    // One of each token, and mostly one of its grant.
    plan.reserve(effectCount: request.items.reduce(0) { $0 + $1.tokens.count + 1 })
    let users = try plannedUsers(request, &plan)
    var subjects = IssueSubjects()
    var issued: [IssuedToken] = []
    for (index, item) in request.items.enumerated() {
      let userSlot = users[index]
      let subject = try inItem(index) { () throws(Refusal) in
        let subject = try subjects.find(item, self)
        try requireAllowed(item, subject)
        return subject
      }
      let grant = NewGrant(
        id: item.grantID, appSlot: subject.slot, userSlot: userSlot, scopes: subject.scopes,
        audience: item.audience, lifetimeSeconds: lifetime(item),
        familyID: item.withRefresh ? item.familyID : nil, refreshKeyID: request.keyID)
      let planned = try self.plan(grant, item.tokens, &plan).issued
      if issued.isEmpty { issued = planned } else { issued += planned }
    }
    return .issued(issued)
  }

  /// What a token of this item may do.
  func issueScopes(
    _ item: IssueTokens.Item, _ app: ClientApplication
  ) throws(Refusal) -> ScopeSet {
    item.user.isEmpty
      ? try clientScopes(item.scope, app) : try personScopes(item.scope, app)
  }

  // MARK: Steps

  /// Names the item in what its rules refuse.
  func inItem<Result>(
    _ index: Int, _ judge: () throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    do throws(Refusal) {
      return try judge()
    } catch {
      var refusal = error
      refusal.field = "items[\(index)].\(error.field)"
      throw refusal
    }
  }

  /// Has the index lines of all tokens under way at once, while the rest is decided: in the loop
  /// that plans them each would wait for its own.
  private func touchIndex(of request: IssueTokens) {
    for item in request.items {
      for token in item.tokens { indexes.tokens.touch(token.id.hash) }
    }
  }

  private func areUsableKeys(of request: IssueTokens) -> Bool {
    guard isUsable(keyID: request.keyID) else { return false }
    return request.items.allSatisfy { item in
      item.tokens.allSatisfy { $0.keyID == request.keyID || isUsable(keyID: $0.keyID) }
    }
  }

  /// About one person and one application where all items are.
  private func auditSubject(_ request: IssueTokens) -> AuditSubject {
    var subject = AuditSubject(event: .tokensIssued)
    guard let first = request.items.first else { return subject }
    if UserID.isWellFormed(first.user), request.items.allSatisfy({ $0.user == first.user }) {
      subject.user = first.user
    }
    if request.items.allSatisfy({ $0.clientID == first.clientID }), hasApp(first.clientID) {
      subject.clientID = first.clientID
    }
    return subject
  }

  private func requireTokenCount(_ request: IssueTokens) throws(Refusal) {
    let count = request.items.reduce(0) { $0 + $1.tokens.count }
    guard (1...Limits.issuedTokensPerCall).contains(count),
      request.items.allSatisfy({ !$0.tokens.isEmpty })
    else {
      throw Refusal(
        .limitReached, field: "items",
        "one call issues 1 to \(Limits.issuedTokensPerCall) tokens, at least one for each item")
    }
  }

  /// The slot of each item's person, with room made among their grants (F49).
  private func plannedUsers(
    _ request: IssueTokens, _ plan: inout Plan
  ) throws(Refusal) -> [UInt32] {
    var slots: [UInt32] = []
    slots.reserveCapacity(request.items.count)
    var last: (user: [UInt8], slot: UInt32) = ([], 0)
    for (index, item) in request.items.enumerated() {
      if item.user != last.user {
        let slot = try inItem(index) { () throws(Refusal) in try plannedUser(item.user, &plan) }
        last = (item.user, slot)
      }
      slots.append(last.slot)
    }
    try makeRoom(forGrantsOf: slots, &plan)
    return slots
  }

  /// Makes room for one grant more of each of these persons, as often as each is named; lower slots
  /// first.
  private func makeRoom(
    forGrantsOf slots: [UInt32], _ plan: inout Plan
  ) throws(Refusal) {
    let sorted = slots.count == 1 ? slots : slots.sorted()
    var first = 0
    while first < sorted.count {
      let userSlot = sorted[first]
      var end = first + 1
      while end < sorted.count && sorted[end] == userSlot { end += 1 }
      let count = end - first
      first = end
      if userSlot == 0 { continue }
      guard count <= Int(settings.grantsPerUser) else {
        throw Refusal(
          .limitReached, field: "items",
          "one call asks for more grants of one user than grants-per-user allows")
      }
      makeRoom(forGrants: count, ofUser: userSlot, &plan)
    }
  }

  /// 0 for a client's own token.
  private func plannedUser(_ user: [UInt8], _ plan: inout Plan) throws(Refusal) -> UInt32 {
    guard !user.isEmpty else { return 0 }
    try requireUserID(user, field: "user")
    try requireEnabled(user, field: "user")
    return try plan.userSlot(user, self)
  }

  private func requireAllowed(
    _ item: IssueTokens.Item, _ subject: IssueSubject
  ) throws(Refusal) {
    try requireResource(item.audience, field: "audience")
    guard item.lifetimeSeconds == 0 || Limits.tokenLifetimeSeconds.contains(item.lifetimeSeconds)
    else {
      throw Refusal(
        .invalidField, field: "lifetimeSeconds",
        "a lifetime is \(Limits.tokenLifetimeSeconds.lowerBound) to"
          + " \(Limits.tokenLifetimeSeconds.upperBound) seconds, or 0 for the setting")
    }
    guard item.withRefresh else { return }
    guard item.tokens.count == 1, !item.user.isEmpty else {
      throw Refusal(
        .invalidField, field: "withRefresh",
        "a refresh token comes with one access token of one person; count must be 1")
    }
    guard subject.givesRefreshTokens else {
      throw Refusal(
        .unauthorizedClient, field: "withRefresh",
        "this application may not use the grant type refresh_token")
    }
  }

  private func lifetime(_ item: IssueTokens.Item) -> UInt32 {
    item.lifetimeSeconds == 0 ? settings.accessTokenLifetimeSeconds : item.lifetimeSeconds
  }
}

/// What an item's application and scope come to.
private struct IssueSubject {
  let clientID: [UInt8]
  let askedScope: [UInt8]
  let isForClient: Bool
  let slot: UInt32
  let givesRefreshTokens: Bool
  let scopes: [UInt8]

  func isOf(_ item: IssueTokens.Item) -> Bool {
    clientID == item.clientID && askedScope == item.scope && isForClient == item.user.isEmpty
  }
}

/// Looks applications and scopes of an ISSUE up, each pair once.
private struct IssueSubjects {
  private var known: [IssueSubject] = []

  mutating func find(
    _ item: IssueTokens.Item, _ state: borrowing ServiceState
  ) throws(Refusal) -> IssueSubject {
    if let subject = known.last(where: { $0.isOf(item) }) { return subject }
    let (slot, app) = try state.requireApp(item.clientID)
    let subject = IssueSubject(
      clientID: item.clientID, askedScope: item.scope, isForClient: item.user.isEmpty, slot: slot,
      givesRefreshTokens: state.givesRefreshTokens(app),
      scopes: try state.issueScopes(item, app).text)
    known.append(subject)
    return subject
  }
}
