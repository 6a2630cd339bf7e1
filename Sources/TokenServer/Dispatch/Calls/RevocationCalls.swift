internal import TokenCore
internal import TokenWire

// Introspection and the revocation of single tokens and grants.

extension IntrospectRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.introspect(mint.introspectionSubject(token)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .introspection(let introspection) = answer.outcome else { return nil }
    var reply = IntrospectReply(introspection, position: answer.position, &mint)
    if token.isEmpty { reply.reason = Verdict.missing.rawValue }
    return reply
  }
}

extension ClientIntrospectRequest: ClientCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.clientIntrospect(mint.credential(client), mint.introspectionSubject(token)))
  }

  /// Accessors and grant references are for local callers only.
  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .introspection(var introspection) = answer.outcome else { return nil }
    introspection.accessID = nil
    introspection.grantID = .none
    return IntrospectReply(introspection, position: answer.position, &mint)
  }
}

extension ClientRevokeRequest: ClientCall {
  /// Accessors and grant references are no credentials: a client revokes what it holds.
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    let subject: RevocationSubject =
      switch mint.introspectionSubject(token) {
      case .accessToken(let id, _): .accessToken(id)
      case .refreshToken(let id, _): .refreshToken(id)
      case .malformed, .forged: .foreign
      }
    return .operation(.clientRevoke(mint.credential(client), subject))
  }
}

extension RevokeRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    guard isReadable(subject) else {
      return .refused(
        Refusal(
          .invalidField, field: "subject",
          "this is no access token, refresh token, accessor (sgx_) or grant reference (sgg_); "
            + "check that it was copied whole"))
    }
    return .operation(.revoke(mint.revocationSubject(subject)))
  }

  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .revoked(let revoked) = answer.outcome else { return nil }
    return RevokeReply(position: answer.position, revoked: revoked)
  }
}

extension RevokeRequest {
  /// Well-formed, and of a kind that can be revoked by an administrator.
  private func isReadable(_ text: [UInt8]) -> Bool {
    if let parsed = try? TokenText.parse(text) { return parsed.kind != .authorizationCode }
    return GrantReference.isReadable(text)
  }
}

extension GrantReference {
  /// Whether the text is a well-formed grant reference or accessor, whoever's.
  static func isReadable(_ text: [UInt8]) -> Bool {
    (try? TokenText.parseReference(text, kind: .grantReference)) != nil
      || (try? TokenText.parseReference(text, kind: .accessor)) != nil
  }

  static let unreadable = Refusal(
    .invalidField, field: "reference",
    "this is no grant reference (sgg_) or accessor (sgx_); check that it was copied whole")
}

extension IntrospectReply {
  init(_ introspection: Introspection, position: UInt64, _ mint: inout TokenMint) {
    let isActive = introspection.reason == .active
    let isDisclosed = introspection.reason != .undisclosed
    self.init(
      position: position, active: isActive,
      reason: isDisclosed ? introspection.reason.rawValue : 0,
      tokenKind: isActive ? (introspection.isRefreshToken ? 2 : 1) : 0,
      subject: introspection.user, clientId: introspection.clientID, scope: introspection.scope,
      audience: introspection.audience, expiresAt: introspection.expiresAtMillis,
      issuedAt: introspection.issuedAtMillis,
      accessor: introspection.accessID.map { mint.accessorText($0) } ?? [],
      grant: introspection.grantID == .none ? [] : mint.grantText(introspection.grantID))
  }
}
