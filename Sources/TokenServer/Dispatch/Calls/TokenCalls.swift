internal import TokenCore
internal import TokenCrypto
internal import TokenWire

// The token operations that make something: codes, access tokens, refresh tokens.

extension AuthorizeRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .authorize(
        Authorize(
          person: Person(acting), responseType: responseType, clientID: clientId,
          redirectURI: redirectUri, scope: scope, state: state, codeChallenge: codeChallenge,
          codeChallengeMethod: codeChallengeMethod, resource: resource,
          prepared: mint.authorization())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .authorization(let outcome) = answer.outcome else { unexpected(answer) }
    var reply = AuthorizeReply.empty(position: answer.position)
    switch outcome {
    case .redirect(let redirect):
      reply.result = 1
      reply.redirect = mint.text(of: redirect)
    case .consentNeeded(let question):
      reply.result = 2
      reply.ticket = mint.sealed(question.ticket)
      reply.app = AppInfo(question.app.app)
      reply.callbackHost = RedirectURL.host(of: question.ticket.redirectURI)
      reply.scopes = question.scopes
      reply.newScopes = question.newScopes
      reply.ticketExpiresAt = question.ticket.expiresAtMillis
    case .errorPage(let refusal):
      reply.result = 3
      reply.error = refusal.reason.rawValue
      reply.message = Array(refusal.message.utf8)
    }
    reply.write(to: &writer)
  }
}

extension AllowRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .allow(
        AnswerConsent(
          person: Person(acting), ticket: mint.opened(ticket), prepared: mint.authorization())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writeRedirect(answer, &mint, to: &writer)
  }
}

extension DenyRequest: LaneCall {
  var speaksFor: Acting? { acting }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .deny(
        AnswerConsent(
          person: Person(acting), ticket: mint.opened(ticket), prepared: mint.authorization())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writeRedirect(answer, &mint, to: &writer)
  }
}

extension ExchangeRequest: ClientCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .exchange(
        ExchangeCode(
          client: mint.credential(client), code: mint.read(code, as: .authorizationCode),
          redirectURI: redirectUri, codeVerifier: codeVerifier,
          verifierChallenge: PKCE.challenge(codeVerifier.span), resource: resource,
          token: mint.accessToken(), grantID: mint.id(), familyID: mint.familyID())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writeTokens(answer, &mint, to: &writer)
  }
}

extension RefreshRequest: ClientCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .refresh(
        RefreshTokens(
          client: mint.credential(client), refreshToken: mint.read(refreshToken, as: .refreshToken),
          scope: scope, resource: resource, token: mint.accessToken())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writeTokens(answer, &mint, to: &writer)
  }
}

extension ClientCredentialsRequest: ClientCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .clientCredentials(
        GrantClientCredentials(
          client: mint.credential(client), scope: scope, resource: resource,
          token: mint.accessToken(), grantID: mint.id())))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writeTokens(answer, &mint, to: &writer)
  }
}

extension IssueRequest: LaneCall {
  /// 16 bytes, and for each token 216 and its texts; an empty scope may become the longest.
  var replyBytesMax: Int {
    items.reduce(16) { sum, item in
      let scope = item.scope.isEmpty ? Limits.scopeMaxBytes : item.scope.count
      return sum + Int(item.count) * (216 + scope + item.audience.count)
    }
  }

  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let total = items.reduce(0) { $0 + Int($1.count) }
    guard total <= Limits.issuedTokensPerCall else {
      return .refused(
        Refusal(
          .limitReached, field: "items",
          "one ISSUE makes at most \(Limits.issuedTokensPerCall) tokens; send several"))
    }
    var issues: [IssueTokens.Item] = []
    for item in items {
      issues.append(
        IssueTokens.Item(
          clientID: item.clientId, user: item.user, scope: item.scope, audience: item.audience,
          lifetimeSeconds: item.lifetimeSeconds, withRefresh: item.withRefresh,
          grantID: mint.id(), familyID: mint.familyID(),
          tokens: mint.accessTokens(count: Int(item.count))))
    }
    return .operation(.issue(IssueTokens(items: issues, keyID: mint.keyID)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .issued(let tokens) = answer.outcome else { unexpected(answer) }
    var sets: [TokenSet] = []
    sets.reserveCapacity(tokens.count)
    for token in tokens { sets.append(mint.tokenSet(token)) }
    IssueReply(position: answer.position, tokens: sets).write(to: &writer)
  }
}

// MARK: - Parts of replies

extension LaneCall {
  /// An outcome that no rule gives for this operation: the rules and the calls disagree.
  func unexpected(_ answer: Answer) -> Never {
    preconditionFailure("an outcome that does not belong to its operation")
  }

  func writePosition(_ answer: Answer, to writer: inout WireWriter) {
    guard case .done = answer.outcome else { unexpected(answer) }
    PositionReply(position: answer.position).write(to: &writer)
  }

  func writeRedirect(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .redirect(let redirect) = answer.outcome else { unexpected(answer) }
    RedirectReply(position: answer.position, redirect: mint.text(of: redirect)).write(to: &writer)
  }

  func writeTokens(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .token(let token) = answer.outcome else { unexpected(answer) }
    TokensReply(position: answer.position, tokens: mint.tokenSet(token)).write(to: &writer)
  }
}

extension AuthorizeReply {
  static func empty(position: UInt64) -> AuthorizeReply {
    AuthorizeReply(
      position: position, result: 0, redirect: [], ticket: [], app: AppInfo.none,
      callbackHost: [], scopes: [], newScopes: [], ticketExpiresAt: 0, error: 0, message: [])
  }
}
