// A retried mutation has one effect: the second call is answered from the record of the first.

extension ServiceState {
  /// What a call comes to whose idempotency key was used before. It changes nothing but the count
  /// of failed client authentications.
  func replay(
    _ earlier: RetryRecord, _ retry: RetryRequest, _ operation: Operation, _ call: Call
  ) -> Decision {
    var isSame = earlier.operation == retry.operation && earlier.bodyDigest == retry.bodyDigest
    #if PLANTED
      if planted(.keyFitsAnyBody) { isSame = true }
    #endif
    guard isSame else {
      let conflict = Refusal(
        .idempotencyConflict, field: "key",
        "this idempotency key was used for another request; use a new key for each request")
      return Decision(effects: [], outcome: .refused(conflict))
    }
    var plan = Plan(position: position + 1, call: call)
    do throws(Refusal) {
      if let instead = try requireStanding(operation, earlier.outcome, &plan) {
        return Decision(effects: [], outcome: instead)
      }
      if operation.isSigned && !isUsable(keyID: earlier.keyID) {
        throw Refusal(
          .invalidGrant, field: "key",
          "the key that signed the reply to this request was retired; use a new idempotency key")
      }
      let outcome = try restored(earlier, operation)
      return Decision(effects: [], outcome: .replayed(earlier, outcome))
    } catch {
      return Decision(effects: plan.effectsOfRefusal, outcome: .refused(error))
    }
  }

  /// What has to be remembered of an outcome beyond its request and seed; nil for outcomes that are
  /// decided anew. Ids are no credentials: turning one into a token takes the root key.
  func stored(_ outcome: Outcome, _ plan: Plan) -> StoredOutcome? {
    switch outcome {
    case .token(let token): StoredOutcome(numbers: numbers(token, plan))
    case .authorization(.redirect(let redirect)) where redirect.answer.isError: nil
    case .authorization(.redirect(let redirect)), .redirect(let redirect):
      StoredOutcome(numbers: numbers(redirect, plan))
    case .issued:
      StoredOutcome(numbers: [UInt64(settings.accessTokenLifetimeSeconds), refreshLifetime])
    case .registered(_, _, let notes), .app(_, let notes):
      StoredOutcome(numbers: [UInt64(notes.rawValue)])
    case .revoked(let value), .applied(let value): StoredOutcome(numbers: [value ? 1 : 0])
    case .gate(let position): StoredOutcome(numbers: [position])
    case .keyRotated(let keyID): StoredOutcome(numbers: [UInt64(keyID)])
    case .keyRetired(let killed): StoredOutcome(numbers: [killed])
    case .done, .registeredDynamically, .settings: StoredOutcome(numbers: [])
    case .authorization, .refused, .stalePreparation, .replayed, .introspection, .apps, .grant,
      .grants, .authorizedApps, .keys, .audit, .metadata:
      nil
    }
  }

  /// The same outcome again. Where an application or the settings are part of it, as they are now.
  private func restored(
    _ record: RetryRecord, _ operation: Operation
  ) throws(Refusal) -> Outcome {
    var numbers = NumberReader(record.outcome.numbers)
    switch operation {
    case .exchange, .refresh, .clientCredentials: return .token(token(&numbers))
    case .authorize(let request):
      return .authorization(
        .redirect(redirect(request.redirectURI, state: request.state, &numbers)))
    case .allow(let answer), .deny(let answer):
      let uri = answer.ticket?.redirectURI ?? []
      return .redirect(redirect(uri, state: answer.ticket?.state ?? [], &numbers))
    case .issue(let request): return .issued(reissued(request, record, &numbers))
    case .registerApp(let request):
      return .registered(
        clientID: request.clientID, isPublic: request.fields.isPublic, notes: notes(&numbers))
    case .registerAppDynamically(let request):
      return .registeredDynamically(
        try dynamicApplication(request, nowMillis: record.atMillis))
    case .updateApp(let request):
      return .app(describe(try requireApp(request.clientID).app), notes: notes(&numbers))
    case .setSettings: return .settings(settings)
    case .revoke: return .revoked(numbers.next() != 0)
    case .revokeUser: return .applied(numbers.next() != 0)
    case .revokeBefore: return .gate(numbers.next())
    case .rotateKey: return .keyRotated(UInt8(truncatingIfNeeded: numbers.next()))
    case .retireKey: return .keyRetired(killedTokens: numbers.next())
    case .clientRevoke, .deleteApp, .regenerateSecret, .revokeGrant, .deauthorize, .disableUser,
      .enableUser, .revokeApp:
      return .done
    case .introspect, .clientIntrospect, .getApp, .appInfo, .listApps, .listGrants, .getGrant,
      .authorizedApps, .getSettings, .listKeys, .audit, .metadata:
      preconditionFailure("operations that change nothing have no idempotency key")
    }
  }

  var refreshLifetime: UInt64 {
    UInt64(min(settings.refreshIdleSeconds, settings.refreshAbsoluteSeconds))
  }

  func describe(_ app: ClientApplication) -> AppDescription {
    AppDescription(app: app, creator: userID(app.creatorSlot))
  }

  /// A reply told again is the same text, whatever key is primary by now.
  private func keyOfReply(_ recorded: UInt8) -> UInt8 {
    #if PLANTED
      if planted(.replayByThePrimaryKey) { return derived.primaryKeyID }
    #endif
    return recorded
  }

  private func notes(_ numbers: inout NumberReader) -> ApplicationNotes {
    ApplicationNotes(rawValue: UInt16(truncatingIfNeeded: numbers.next()))
  }

  private func reissued(
    _ request: IssueTokens, _ record: RetryRecord, _ numbers: inout NumberReader
  ) -> [IssuedToken] {
    let standardLifetime = UInt32(truncatingIfNeeded: numbers.next())
    let refreshLifetime = min(numbers.next(), UInt64(UInt32.max))
    let nowSeconds = record.atMillis / 1_000
    return request.items.flatMap { item in
      let scope = reissuedScope(item)
      let lifetime = item.lifetimeSeconds == 0 ? standardLifetime : item.lifetimeSeconds
      return item.tokens.map { token in
        IssuedToken(
          id: token.id, keyID: keyOfReply(record.keyID),
          expiresAtMillis: (nowSeconds + UInt64(lifetime)) * 1_000, expiresInSeconds: lifetime,
          refreshID: item.withRefresh ? item.familyID.with(generation: 0) : nil,
          refreshKeyID: keyOfReply(record.keyID),
          refreshExpiresAtMillis: item.withRefresh ? (nowSeconds + refreshLifetime) * 1_000 : 0,
          scope: scope, audience: item.audience, grantID: item.grantID)
      }
    }
  }
}

extension ServiceState {
  /// The rule that gave the scopes, asked again: only a client's own token without a scope depends
  /// on the application, and then on what it is allowed now.
  private func reissuedScope(_ item: IssueTokens.Item) -> [UInt8] {
    if item.user.isEmpty && item.scope.isEmpty {
      return findApp(item.clientID).flatMap { ScopeSet($0.app.fields.scopes) }?.text ?? []
    }
    return ScopeSet(item.scope.isEmpty ? Limits.defaultScope : item.scope)?.text ?? []
  }
}

// MARK: - Tokens and redirects as numbers

extension ServiceState {
  private func numbers(_ token: IssuedToken, _ plan: Plan) -> [UInt64] {
    [
      token.id.word0, token.id.word1, UInt64(token.keyID), token.expiresAtMillis,
      UInt64(token.expiresInSeconds), token.refreshID?.word0 ?? 0, token.refreshID?.word1 ?? 0,
      UInt64(token.refreshKeyID) | (token.refreshID == nil ? 0 : 1 << 8),
      token.refreshExpiresAtMillis, token.grantID.word0, token.grantID.word1,
      UInt64(plan.plannedScopeSet(token.scope, self)),
      UInt64(plan.plannedAudience(token.audience, self)),
    ]
  }

  private func token(_ numbers: inout NumberReader) -> IssuedToken {
    let id = numbers.id()
    let keyID = keyOfReply(UInt8(truncatingIfNeeded: numbers.next()))
    let expiresAtMillis = numbers.next()
    let expiresInSeconds = UInt32(truncatingIfNeeded: numbers.next())
    let refreshID = numbers.id()
    let refresh = numbers.next()
    let refreshExpiresAtMillis = numbers.next()
    let grantID = numbers.id()
    let scope = scopeText(UInt16(truncatingIfNeeded: numbers.next()))
    let audience = audienceText(UInt16(truncatingIfNeeded: numbers.next()))
    return IssuedToken(
      id: id, keyID: keyID, expiresAtMillis: expiresAtMillis, expiresInSeconds: expiresInSeconds,
      refreshID: refresh >> 8 == 0 ? nil : refreshID,
      refreshKeyID: UInt8(truncatingIfNeeded: refresh),
      refreshExpiresAtMillis: refreshExpiresAtMillis, scope: scope, audience: audience,
      grantID: grantID)
  }

  /// The first number says which kind of answer it was.
  private func numbers(_ redirect: Redirect, _ plan: Plan) -> [UInt64] {
    switch redirect.answer {
    case .code(let id, let keyID): [1, id.word0, id.word1, UInt64(keyID)]
    case .token(let token): [2] + numbers(token, plan)
    case .error(_, _, let inFragment): [3, inFragment ? 1 : 0]
    }
  }

  /// A remembered error can only be a denial: no other error changes anything.
  private func redirect(
    _ uri: [UInt8], state: [UInt8], _ numbers: inout NumberReader
  ) -> Redirect {
    let answer: Redirect.Answer
    switch numbers.next() {
    case 1:
      let id = numbers.id()
      answer = .code(id, keyID: UInt8(truncatingIfNeeded: numbers.next()))
    case 2: answer = .token(token(&numbers))
    default: answer = .denied(inFragment: numbers.next() != 0)
    }
    return Redirect(uri: uri, state: state, issuer: settings.issuer, answer: answer)
  }
}

extension Redirect.Answer {
  var isError: Bool {
    if case .error = self { return true }
    return false
  }

  /// The person said no (RFC 6749 4.1.2.1).
  static func denied(inFragment: Bool) -> Redirect.Answer {
    .error("access_denied", description: "the person denied the request", inFragment: inFragment)
  }
}

extension Outcome {
  /// A replayed outcome names ids of the first call; those that are derived from its seed come in
  /// with the operation prepared again from that seed.
  public func renamed(by operation: Operation) -> Outcome {
    switch (self, operation) {
    case (.issued(let tokens), .issue(let request)):
      let names = request.items.flatMap { item in item.tokens.map { (item, $0) } }
      return .issued(
        zip(tokens, names).map { token, name in
          var renamed = token
          renamed.id = name.1.id
          renamed.grantID = name.0.grantID
          if token.refreshID != nil { renamed.refreshID = name.0.familyID.with(generation: 0) }
          return renamed
        })
    case (.registered(_, let isPublic, let notes), .registerApp(let request)):
      return .registered(clientID: request.clientID, isPublic: isPublic, notes: notes)
    case (.registeredDynamically(var app), .registerAppDynamically(let request)):
      app.clientID = request.clientID
      return .registeredDynamically(app)
    default: return self
    }
  }
}

/// Reads stored numbers in order; zeros past the end.
struct NumberReader {
  private let numbers: [UInt64]
  private var place = 0

  init(_ numbers: [UInt64]) { self.numbers = numbers }

  mutating func next() -> UInt64 {
    defer { place += 1 }
    return place < numbers.count ? numbers[place] : 0
  }

  mutating func id() -> TokenID {
    let word0 = next()
    return TokenID(word0: word0, word1: next())
  }
}
