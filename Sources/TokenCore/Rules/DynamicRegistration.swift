// APP_REGISTER_DYNAMIC (F42, F43; RFC 7591).

extension ServiceState {
  /// Nobody is authenticated here, so what a stranger can do is bounded first: the switches, then
  /// the rate, counted for refused attempts too, and only then is anything recorded.
  func registerAppDynamically(
    _ request: RegisterDynamically, _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    try requireProvider()
    try requireDynamicRegistration()
    try requireRegistrationRate(plan.nowMillis)
    plan.addAlways(.dynamicRegistration(atMillis: plan.nowMillis))
    plan.audit = AuditSubject(.appRegisteredDynamically, clientID: request.clientID)
    let app = try dynamicApplication(request, nowMillis: plan.nowMillis)
    try requireSecureURLs(request)
    try requireAllowlisted(request.redirectURIs)
    plan.add(.app(try plan.takeAppSlot(self), app))
    return .registeredDynamically(app)
  }

  /// The application that a request describes, whatever the settings are. It follows from the
  /// request alone, so a retried call is answered with the same one.
  func dynamicApplication(
    _ request: RegisterDynamically, nowMillis: UInt64
  ) throws(Refusal) -> ClientApplication {
    try requireRedirects(request.redirectURIs, requiresHTTPS: false)
    let fields = ApplicationFields(
      name: try clientName(request.clientName), homepage: try clientPage(request.clientURI),
      callbacks: request.redirectURIs, isPublic: try isPublic(request.authMethod),
      grantTypes: .standard, scopes: try clientScopes(request.scope))
    return ClientApplication(
      clientID: request.clientID, fields: fields, creatorSlot: 0, isDynamicallyRegistered: true,
      secretDigest: fields.isPublic ? .none : request.secretDigest, createdAtMillis: nowMillis)
  }

  // MARK: May it be done at all

  private func requireDynamicRegistration() throws(Refusal) {
    guard settings.allowsDynamicRegistration else {
      throw Refusal(
        .registrationOff,
        "dynamic client registration is off; a system administrator can set dynamic-registration")
    }
  }

  /// Two a second, never two at once.
  private func requireRegistrationRate(_ nowMillis: UInt64) throws(Refusal) {
    let last = derived.lastDynamicRegistrationMillis
    let next = last == 0 ? 0 : last + Limits.dynamicRegistrationIntervalMillis
    guard nowMillis >= next else {
      throw Refusal(
        .rateLimited, "too many dynamic registrations; wait and try again",
        retryAfterMillis: UInt32(truncatingIfNeeded: next - nowMillis))
    }
  }

  private func requireAllowlisted(_ redirects: [[UInt8]]) throws(Refusal) {
    let globs = settings.dynamicRegistrationAllowlist
    if globs.isEmpty { return }
    let patterns = globs.compactMap { AllowlistGlob($0) }
    for (index, uri) in redirects.enumerated()
    where !patterns.contains(where: { $0.matches(uri) }) {
      throw Refusal(
        .invalidRedirectURI, field: "redirectUris[\(index)]",
        "redirectUris[\(index)]: matches no pattern of the setting dynamic-registration-allowlist")
    }
  }

  private func requireSecureURLs(_ request: RegisterDynamically) throws(Refusal) {
    guard settings.requiresHTTPSURLs else { return }
    try requireRedirects(request.redirectURIs, requiresHTTPS: true)
    let rules = Self.rules(requiresHTTPS: true)
    try asMetadata { () throws(Refusal) in
      if request.clientURI.isEmpty { return }
      try rules.checkPage(
        request.clientURI, field: "clientUri", maxBytes: Limits.homepageMaxBytes)
    }
  }

  // MARK: What it says

  private static func rules(requiresHTTPS: Bool) -> ApplicationFieldRules {
    ApplicationFieldRules(requiresHTTPS: requiresHTTPS, isDynamicallyRegistered: true)
  }

  private func requireRedirects(
    _ redirects: [[UInt8]], requiresHTTPS: Bool
  ) throws(Refusal) {
    let rules = Self.rules(requiresHTTPS: requiresHTTPS)
    do throws(Refusal) {
      try rules.checkCallbackList(redirects, field: "redirectUris")
      for (index, uri) in redirects.enumerated() {
        try rules.checkCallback(uri, field: "redirectUris[\(index)]")
      }
    } catch {
      // RFC 7591 3.2.2 has a code of its own for these.
      throw Refusal(.invalidRedirectURI, field: error.field, error.message)
    }
  }

  private func clientName(_ name: [UInt8]) throws(Refusal) -> [UInt8] {
    if name.isEmpty { return Array("Dynamically Registered Client".utf8) }
    try asMetadata { () throws(Refusal) in
      try Self.rules(requiresHTTPS: false).checkName(name, field: "clientName")
    }
    return name
  }

  private func clientPage(_ url: [UInt8]) throws(Refusal) -> [UInt8] {
    if url.isEmpty { return [] }
    try asMetadata { () throws(Refusal) in
      try Self.rules(requiresHTTPS: false).checkPage(
        url, field: "clientUri", maxBytes: Limits.homepageMaxBytes)
    }
    return url
  }

  /// F41: `none` makes a public client.
  private func isPublic(_ authMethod: [UInt8]) throws(Refusal) -> Bool {
    switch authMethod {
    case Array("none".utf8): return true
    case [], Array("client_secret_post".utf8), Array("client_secret_basic".utf8): return false
    default:
      throw Refusal(
        .invalidClientMetadata, field: "authMethod",
        "authMethod: must be none, client_secret_post or client_secret_basic")
    }
  }

  private func clientScopes(_ scope: [UInt8]) throws(Refusal) -> [UInt8] {
    guard let scopes = ScopeSet(scope) else {
      throw Refusal(
        .invalidClientMetadata, field: "scope",
        "scope: scopes are separated by one space, at most \(Limits.scopesMaxCount) of them and "
          + "\(Limits.scopeMaxBytes) bytes, of printable ASCII without quote and backslash")
    }
    return scopes.text
  }

  /// The same rules, refused in the words of RFC 7591 3.2.2.
  private func asMetadata(_ check: () throws(Refusal) -> Void) throws(Refusal) {
    do throws(Refusal) {
      try check()
    } catch {
      throw Refusal(.invalidClientMetadata, field: error.field, error.message)
    }
  }
}
