extension ServiceState {
  /// CLIENT_CREDENTIALS: a client's own token (RFC 6749 4.4). It has no subject and no refresh
  /// token, and only a confidential client with that grant type gets one.
  func clientCredentials(
    _ request: GrantClientCredentials, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    guard isUsable(keyID: request.token.keyID) else { return .stalePreparation }
    try requireProvider()
    let client = try authenticate(request.client, &plan)
    plan.audit = AuditSubject(event: .clientCredentialsIssued, clientID: client.app.clientID)
    try requireConfidential(client)
    try client.require(.clientCredentials, "client_credentials")
    let scopes = try clientScopes(request.scope, client.app)
    try requireResource(request.resource)
    let grant = NewGrant(
      id: request.grantID, appSlot: client.slot, userSlot: 0, scopes: scopes.text,
      audience: request.resource, lifetimeSeconds: settings.accessTokenLifetimeSeconds,
      familyID: nil, refreshKeyID: 0)
    return .token(try self.plan(grant, [request.token], &plan).issued[0])
  }

  private func requireConfidential(_ client: AuthenticatedClient) throws(Refusal) {
    guard !client.app.fields.isPublic else {
      throw Refusal(
        .unauthorizedClient, field: "clientId",
        "a public client cannot prove who it is, so it gets no token of its own")
    }
  }
}
