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

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .authorization(let outcome) = answer.outcome else { return nil }
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
    return reply
  }
}

/// ALLOW and DENY: a person's answer to a consent ticket.
protocol ConsentAnswerCall: LaneCall {
  var acting: Acting { get }
  var ticket: [UInt8] { get }
}

extension ConsentAnswerCall {
  var speaksFor: Acting? { acting }

  fileprivate func answer(_ mint: inout TokenMint) -> AnswerConsent {
    AnswerConsent(
      person: Person(acting), ticket: mint.opened(ticket), prepared: mint.authorization())
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .redirect(let redirect) = answer.outcome else { return nil }
    return RedirectReply(position: answer.position, redirect: mint.text(of: redirect))
  }
}

extension AllowRequest: ConsentAnswerCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.allow(answer(&mint)))
  }
}

extension DenyRequest: ConsentAnswerCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask { .operation(.deny(answer(&mint))) }
}

/// EXCHANGE, REFRESH and CLIENT_CREDENTIALS: a client gets tokens.
protocol TokenEndpointCall: ClientCall {}

extension TokenEndpointCall {
  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .token(let token) = answer.outcome else { return nil }
    return TokensReply(position: answer.position, tokens: mint.tokenSet(token))
  }
}

extension ExchangeRequest: TokenEndpointCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .exchange(
        ExchangeCode(
          client: mint.credential(client), code: mint.read(code, as: .authorizationCode),
          redirectURI: redirectUri, codeVerifier: codeVerifier,
          verifierChallenge: PKCE.challenge(codeVerifier.span), resource: resource,
          token: mint.accessToken(), grantID: mint.id(), familyID: mint.familyID())))
  }
}

extension RefreshRequest: TokenEndpointCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .refresh(
        RefreshTokens(
          client: mint.credential(client), refreshToken: mint.read(refreshToken, as: .refreshToken),
          scope: scope, resource: resource, token: mint.accessToken())))
  }
}

extension ClientCredentialsRequest: TokenEndpointCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(
      .clientCredentials(
        GrantClientCredentials(
          client: mint.credential(client), scope: scope, resource: resource,
          token: mint.accessToken(), grantID: mint.id())))
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

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .issued(let tokens) = answer.outcome else { return nil }
    var sets: [SpelledTokenSet] = []
    sets.reserveCapacity(tokens.count)
    for token in tokens { sets.append(mint.spelledTokenSet(token)) }
    return SpelledIssueReply(position: answer.position, tokens: sets)
  }
}

extension AuthorizeReply {
  static func empty(position: UInt64) -> AuthorizeReply {
    AuthorizeReply(
      position: position, result: 0, redirect: [], ticket: [], app: AppInfo.none,
      callbackHost: [], scopes: [], newScopes: [], ticketExpiresAt: 0, error: 0, message: [])
  }
}
