// What a retry must still pass before it gets the remembered reply: it may hold tokens or a secret.

extension ServiceState {
  /// Judges a retried request as of now, but for what the first call used up (its code, ticket,
  /// refresh token): the client authenticates itself, the provider is on, the person may act, the
  /// application exists, and what the reply would hand out still lives. Only a failed
  /// authentication is planned, for its limit.
  ///
  /// - Returns: an answer in place of the remembered one, where that is no refusal.
  func requireStanding(
    _ operation: Operation, _ remembered: StoredOutcome, _ plan: inout Plan
  ) throws(Refusal) -> Outcome? {
    #if PLANTED
      if planted(.retryNotJudgedAgain) { return nil }
    #endif
    if !operation.worksWithoutProvider { try requireProvider() }
    switch operation {
    case .exchange(let request):
      _ = try authenticate(request.client, &plan)
      try requireLiveGrant(remembered, field: "code", plan)
    case .refresh(let request):
      _ = try authenticate(request.client, &plan)
      try requireLiveGrant(remembered, field: "refreshToken", plan)
    case .clientCredentials(let request): _ = try authenticate(request.client, &plan)
    case .clientRevoke(let credential, _): _ = try authenticate(credential, &plan)
    case .issue(let request): try requireSubjects(request)
    case .authorize(let request): return try standing(request)
    case .allow(let answer), .deny(let answer): try requireStanding(answer)
    default: try requireStandingPerson(operation)
    }
    return nil
  }

  /// Applications that a person manages, and what only administrators do.
  private func requireStandingPerson(_ operation: Operation) throws(Refusal) {
    switch operation {
    case .registerApp(let request):
      try requirePerson(request.person)
      try requireMayIntegrate(request.person)
    case .updateApp(let request):
      try requirePerson(request.person)
      try requireMayIntegrate(request.person)
      _ = try requireOwnApp(request.clientID, request.person)
    case .regenerateSecret(let person, let clientID, _):
      try requirePerson(person)
      try requireMayIntegrate(person)
      _ = try requireOwnApp(clientID, person)
    case .deleteApp(let person, _), .revokeGrant(let person, _): try requirePerson(person)
    case .deauthorize(let person, let user, _):
      try requirePerson(person)
      _ = try namedUser(person, user)
    case .setSettings(let person, _):
      try requirePerson(person)
      try requireAdministrator(person)
    default: break
    }
  }

  /// Tokens whose grant has ended are not handed out once more.
  private func requireLiveGrant(
    _ remembered: StoredOutcome, field: String, _ plan: Plan
  ) throws(Refusal) {
    let id = remembered.grantID
    guard let (slot, grant) = findGrant(id), isAlive(grant, slot: slot, nowMillis: plan.nowMillis),
      !isUserDisabled(grant.userSlot)
    else {
      throw Refusal(
        .invalidGrant, field: field,
        "what this request was answered with has ended meanwhile; authorize again")
    }
  }

  private func requireSubjects(_ request: IssueTokens) throws(Refusal) {
    for (index, item) in request.items.enumerated() {
      try inItem(index) { () throws(Refusal) in
        _ = try requireApp(item.clientID)
        if !item.user.isEmpty { try requireEnabled(item.user, field: "user") }
      }
    }
  }

  /// As AUTHORIZE itself answers it: an application that is gone is told on an error page.
  private func standing(_ request: Authorize) throws(Refusal) -> Outcome? {
    try requireNamedPerson(request.person)
    do throws(Refusal) {
      let app = try requireApp(request.clientID, or: .invalidClient).app
      try requireRegistered(request.redirectURI, app)
    } catch {
      return .authorization(.errorPage(error))
    }
    return nil
  }

  private func requireStanding(_ answer: AnswerConsent) throws(Refusal) {
    try requireNamedPerson(answer.person)
    let ticket = try requireTicket(answer)
    guard let app = findApp(ticket.clientID)?.app, isRegistered(ticket.redirectURI, app) else {
      throw Refusal(
        .ticketInvalid, field: "ticket", "the application was deleted or changed meanwhile")
    }
  }
}

extension Operation {
  /// Whether the provider's switch leaves it alone.
  fileprivate var worksWithoutProvider: Bool {
    switch self {
    case .issue, .authorize, .allow, .exchange, .refresh, .clientCredentials, .registerApp,
      .registerAppDynamically, .updateApp:
      false
    default: true
    }
  }
}

extension StoredOutcome {
  /// The grant of a remembered token, as `ServiceState.numbers` wrote it.
  fileprivate var grantID: TokenID {
    numbers.count > 10 ? TokenID(word0: numbers[9], word1: numbers[10]) : .none
  }
}
