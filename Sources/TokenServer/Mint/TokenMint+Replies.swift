internal import TokenCore
internal import TokenWire

extension TokenMint {
  /// What AUTHORIZE, ALLOW and DENY may need, whichever way they are decided.
  mutating func authorization() -> PreparedAuthorization {
    PreparedAuthorization(codeID: id(), ticketID: id(), grantID: id(), token: accessToken())
  }

  mutating func accessTokens(count: Int) -> [PreparedToken] {
    var tokens: [PreparedToken] = []
    tokens.reserveCapacity(count)
    for _ in 0..<count { tokens.append(accessToken()) }
    return tokens
  }

  /// Signs what was issued. A key that was retired since leaves an empty text: its tokens are dead.
  mutating func tokenSet(_ token: IssuedToken) -> TokenSet {
    TokenSet(
      accessToken: text(.accessToken, token.id, keyID: token.keyID) ?? [],
      expiresAt: token.expiresAtMillis, expiresInSeconds: token.expiresInSeconds,
      refreshToken: token.refreshID.flatMap {
        text(.refreshToken, $0, keyID: token.refreshKeyID)
      } ?? [],
      refreshExpiresAt: token.refreshExpiresAtMillis, scope: token.scope,
      audience: token.audience, accessor: accessorText(token.id), grant: grantText(token.grantID))
  }

  /// The same for many: their texts are made where the reply is written.
  mutating func spelledTokenSet(_ token: IssuedToken) -> SpelledTokenSet {
    SpelledTokenSet(
      accessToken: signed(.accessToken, token.id, keyID: token.keyID),
      expiresAt: token.expiresAtMillis, expiresInSeconds: token.expiresInSeconds,
      refreshToken: token.refreshID.flatMap {
        signed(.refreshToken, $0, keyID: token.refreshKeyID)
      },
      refreshExpiresAt: token.refreshExpiresAtMillis, scope: token.scope,
      audience: token.audience, accessor: accessor(token.id), grant: grant(token.grantID))
  }

  /// The whole URL of a redirect, its code or token signed.
  func text(of redirect: Redirect) -> [UInt8] {
    var credential: [UInt8] = []
    switch redirect.answer {
    case .code(let id, let keyID):
      credential = text(.authorizationCode, id, keyID: keyID) ?? []
    case .token(let token):
      credential = text(.accessToken, token.id, keyID: token.keyID) ?? []
    case .error: break
    }
    return RedirectURL.text(redirect, credential: credential)
  }
}
