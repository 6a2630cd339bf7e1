import Testing

@testable import TokenCore

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A verifier and what stands for its S256 challenge: `TokenCore` hashes nothing, so any pair does.
enum Pair {
  static let verifier = bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
  static let challenge = bytes("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  static let otherChallenge = bytes("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")
}

// Every call draws new ids; results are nil where the service answered otherwise.
extension Fixture {
  func prepared() -> PreparedAuthorization {
    PreparedAuthorization(
      codeID: newID(), ticketID: newID(), grantID: newID(), token: newToken())
  }

  func authorization(
    _ clientID: [UInt8], by person: Person = Fixture.alice, type: String = "code",
    redirect: String = "https://client.example/callback", scope: String = "",
    state: String = "xyz", challenge: [UInt8] = [], method: String? = nil, resource: String = ""
  ) -> Authorize {
    Authorize(
      person: person, responseType: bytes(type), clientID: clientID,
      redirectURI: bytes(redirect), scope: bytes(scope), state: bytes(state),
      codeChallenge: challenge,
      codeChallengeMethod: bytes(method ?? (challenge.isEmpty ? "" : "S256")),
      resource: bytes(resource), prepared: prepared())
  }

  func authorize(_ request: Authorize) -> AuthorizationOutcome? {
    guard case .authorization(let outcome) = commit(.authorize(request)) else { return nil }
    return outcome
  }

  /// The question that a request leads to.
  func question(_ request: Authorize) -> ConsentQuestion? {
    guard case .consentNeeded(let question)? = authorize(request) else { return nil }
    return question
  }

  /// The redirect that a request leads to without a question.
  func passed(_ request: Authorize) -> Redirect? {
    guard case .redirect(let redirect)? = authorize(request) else { return nil }
    return redirect
  }

  /// The error that a request is sent back with.
  func redirectError(_ request: Authorize) -> String? {
    guard case .error(let error, _, _)? = passed(request)?.answer else { return nil }
    return error
  }

  func errorPage(_ request: Authorize) -> Refusal? {
    guard case .errorPage(let refusal)? = authorize(request) else { return nil }
    return refusal
  }

  func answer(_ ticket: ConsentTicket?, by person: Person = Fixture.alice) -> AnswerConsent {
    AnswerConsent(person: person, ticket: ticket, prepared: prepared())
  }

  func allow(_ ticket: ConsentTicket?, by person: Person = Fixture.alice) -> Redirect? {
    guard case .redirect(let redirect) = commit(.allow(answer(ticket, by: person))) else {
      return nil
    }
    return redirect
  }

  /// A code, whether by question and Allow or without.
  func newCode(_ request: Authorize) -> TokenID? {
    let redirect: Redirect?
    switch authorize(request) {
    case .consentNeeded(let question): redirect = allow(question.ticket, by: request.person)
    case .redirect(let passed): redirect = passed
    default: redirect = nil
    }
    guard case .code(let id, _)? = redirect?.answer else { return nil }
    return id
  }

  func exchange(
    _ clientID: [UInt8], _ code: TokenID, secret: String? = "secret",
    redirect: String = "https://client.example/callback", verifier: [UInt8] = [],
    challenge: [UInt8]? = nil, resource: String = ""
  ) -> ExchangeCode {
    ExchangeCode(
      client: Self.credential(clientID, secret: secret),
      code: .authentic(code, keyID: self.code(code)?.keyID ?? 0), redirectURI: bytes(redirect),
      codeVerifier: verifier,
      verifierChallenge: challenge ?? (verifier.isEmpty ? [] : Pair.challenge),
      resource: bytes(resource), token: newToken(), grantID: newID(), familyID: newID())
  }

  func issued(_ operation: Operation) -> IssuedToken? {
    guard case .token(let token) = commit(operation) else { return nil }
    return token
  }

  /// The whole flow: question, Allow, exchange.
  func authorized(
    _ clientID: [UInt8], by person: Person = Fixture.alice, scope: String = "",
    resource: String = ""
  ) throws -> IssuedToken {
    let code = try #require(
      newCode(authorization(clientID, by: person, scope: scope, resource: resource)))
    return try #require(issued(.exchange(exchange(clientID, code))))
  }

  func refresh(
    _ clientID: [UInt8], _ token: TokenID?, secret: String? = "secret", scope: String = "",
    resource: String = "", keyID: UInt8 = 0
  ) -> RefreshTokens {
    RefreshTokens(
      client: Self.credential(clientID, secret: secret),
      refreshToken: token.map { .authentic($0, keyID: keyID) } ?? .foreign, scope: bytes(scope),
      resource: bytes(resource), token: newToken())
  }

  func item(
    _ clientID: [UInt8], user: String = "alice", scope: String = "", audience: String = "",
    lifetimeSeconds: UInt32 = 0, withRefresh: Bool = false, count: Int = 1
  ) -> IssueTokens.Item {
    IssueTokens.Item(
      clientID: clientID, user: bytes(user), scope: bytes(scope), audience: bytes(audience),
      lifetimeSeconds: lifetimeSeconds, withRefresh: withRefresh, grantID: newID(),
      familyID: newID(), tokens: (0..<count).map { _ in newToken() })
  }

  func issue(_ items: [IssueTokens.Item]) -> [IssuedToken]? {
    guard case .issued(let tokens) = commit(.issue(IssueTokens(items: items, keyID: 0))) else {
      return nil
    }
    return tokens
  }

  func introspection(_ operation: Operation) -> Introspection? {
    guard case .introspection(let introspection) = commit(operation) else { return nil }
    return introspection
  }

  func grants(
    _ person: Person, user: String = "", clientID: [UInt8] = [], cursor: UInt64 = 0,
    maxBytes: Int = 0
  ) -> (grants: [GrantDescription], next: UInt64)? {
    let page = Page(cursor: cursor, maxBytes: maxBytes)
    guard
      case .grants(let grants, let next) = commit(
        .listGrants(person, user: bytes(user), clientID: clientID, page))
    else { return nil }
    return (grants, next)
  }

  func authorizedApps(_ person: Person, user: String = "") -> [AuthorizedApplication]? {
    let page = Page(cursor: 0, maxBytes: 0)
    guard
      case .authorizedApps(let apps, _) = commit(
        .authorizedApps(person, user: bytes(user), page))
    else { return nil }
    return apps
  }

  func record(_ id: TokenID) -> TokenRecord? { state.findToken(id)?.record }
  func grantSlot(_ id: TokenID) -> UInt32? { state.findGrant(id)?.slot }
  func familyRow(_ id: TokenID) -> (slot: UInt32, family: RefreshFamily)? {
    state.findFamily(id)
  }

  /// The last audit record.
  var lastAudit: AuditRecord? { state.auditTrail[state.derived.lastAuditSlot] }

  /// A restart: everything derived is made again from the memory.
  func restart() throws {
    let arena = try #require(memory.reopened(TableSizes.small.arenaLimits))
    state = ServiceState(arena: arena, hash: Self.hash)
  }

  func switchOff() { set { $0.isProviderEnabled = false } }

  /// A retry request as the server makes it; the same text, the same body.
  func retry(_ key: UInt64, _ body: String = "body", operation: UInt16 = 1) -> RetryRequest {
    var hash: UInt64 = 5_381
    for byte in body.utf8 { hash = hash &* 33 &+ UInt64(byte) }
    return RetryRequest(
      key: TokenID(word0: key, word1: 1), operation: operation,
      bodyDigest: TokenID(word0: hash, word1: 0), seed: TokenID(word0: key, word1: 2), keyID: 0)
  }
}
