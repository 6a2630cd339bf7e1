/// A client that authenticated itself, or that can have no secret to do so with.
struct AuthenticatedClient {
  let slot: UInt32
  let app: ClientApplication
}

extension ServiceState {
  /// Client authentication (RFC 6749 2.3, F41). It comes before everything that a client asks for,
  /// and its failure changes nothing but the count of failures.
  ///
  /// A correct secret always passes. Failures are answered `rateLimited` once there were 20 within
  /// a minute, so that guessing is slow, and nobody can lock a client out by guessing.
  func authenticate(
    _ credential: ClientCredential, _ plan: inout Plan
  ) throws(Refusal) -> AuthenticatedClient {
    guard let (slot, app) = findApp(credential.clientID) else {
      throw Refusal(.invalidClient, field: "clientId", Self.authenticationFailed)
    }
    if app.fields.isPublic {
      try requireNoSecret(credential)
    } else if !isAuthentic(credential, app) {
      throw authenticationFailure(slot, &plan)
    }
    plan.textOwner = slot
    return AuthenticatedClient(slot: slot, app: app)
  }

  /// The same words whether the client is unknown or its secret wrong.
  private static let authenticationFailed =
    "the client is unknown or its secret is wrong; check client id and client secret"

  /// In constant time (F48).
  private func isAuthentic(_ credential: ClientCredential, _ app: ClientApplication) -> Bool {
    guard let presented = credential.secretDigest else { return false }
    #if PLANTED
      if planted(.oldSecretAccepted) { return true }
    #endif
    return presented == app.secretDigest
  }

  private func requireNoSecret(_ credential: ClientCredential) throws(Refusal) {
    guard credential.secretDigest == nil else {
      throw Refusal(
        .invalidClient, field: "clientSecret",
        "this is a public client, it has no secret; send the client id alone")
    }
  }

  private func authenticationFailure(_ slot: UInt32, _ plan: inout Plan) -> Refusal {
    let failures = derived.authenticationFailures.count(slot, atMillis: plan.nowMillis)
    guard failures < Limits.clientAuthenticationFailuresPerMinute else {
      return Refusal(
        .rateLimited, field: "clientSecret",
        "too many failed authentications of this client; wait a minute",
        retryAfterMillis: UInt32(FailureWindows.windowMillis))
    }
    plan.addAlways(.clientAuthenticationFailed(slot, atMillis: plan.nowMillis))
    return Refusal(.invalidClient, field: "clientSecret", Self.authenticationFailed)
  }
}

extension AuthenticatedClient {
  /// Whether the application may use a grant type at all (RFC 6749 5.2 `unauthorized_client`).
  func require(_ type: GrantTypes, _ name: String) throws(Refusal) {
    guard app.fields.grantTypes.contains(type) else {
      throw Refusal(
        .unauthorizedClient, field: "clientId",
        "this application may not use the grant type \(name); a system administrator can allow it")
    }
  }
}
