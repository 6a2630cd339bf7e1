internal import TokenCore
internal import TokenWire

// Introspection and the revocation of single tokens and grants.

extension IntrospectRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.introspect(mint.introspectionSubject(token)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .introspection(let introspection) = answer.outcome else { unexpected(answer) }
    IntrospectReply(introspection, position: answer.position, &mint).write(to: &writer)
  }
}

extension ClientIntrospectRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.clientIntrospect(mint.credential(client), mint.introspectionSubject(token)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .introspection(let introspection) = answer.outcome else { unexpected(answer) }
    IntrospectReply(introspection, position: answer.position, &mint).write(to: &writer)
  }
}

extension ClientRevokeRequest: LaneCall {
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

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    writePosition(answer, to: &writer)
  }
}

extension RevokeRequest: LaneCall {
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask {
    .operation(.revoke(mint.revocationSubject(subject)))
  }

  func write(_ answer: Answer, _ mint: inout TokenMint, to writer: inout WireWriter) {
    guard case .revoked(let revoked) = answer.outcome else { unexpected(answer) }
    RevokeReply(position: answer.position, revoked: revoked).write(to: &writer)
  }
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
