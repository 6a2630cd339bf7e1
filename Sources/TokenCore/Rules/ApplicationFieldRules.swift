/// What an application's fields may hold (F4, F6-F10). The first field that is wrong is named, list
/// entries with their index.
struct ApplicationFieldRules {
  /// The setting `require-https-urls`.
  var requiresHTTPS: Bool
  /// Dynamically registered applications may have schemes of their own (F43) and no homepage.
  var isDynamicallyRegistered = false

  func check(_ fields: ApplicationFields) throws(Refusal) {
    try checkName(fields.name)
    try checkDescription(fields.description)
    try checkHomepage(fields.homepage)
    try checkIcon(fields.iconURL)
    try checkCallbacks(fields.callbacks)
    try checkGrantTypes(fields.grantTypes, isPublic: fields.isPublic)
    try checkAudiences(fields.audiences, isPublic: fields.isPublic)
    try checkScopes(fields.scopes)
  }

  // MARK: Texts

  func checkName(_ name: [UInt8], field: String = "name") throws(Refusal) {
    guard name.contains(where: { $0 != 0x20 }) else {
      throw Self.wrong(field, "the name is required")
    }
    guard Self.scalars(name) <= Limits.appNameMaxScalars, name.count <= Limits.appNameMaxBytes
    else {
      throw Self.wrong(
        field,
        "the name is longer than \(Limits.appNameMaxScalars) characters "
          + "or \(Limits.appNameMaxBytes) bytes")
    }
    guard name.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Self.wrong(field, "the name contains a control character")
    }
  }

  private func checkDescription(_ text: [UInt8]) throws(Refusal) {
    guard Self.scalars(text) <= Limits.appDescriptionMaxScalars,
      text.count <= Limits.appDescriptionMaxBytes
    else {
      throw Self.wrong(
        "description",
        "the description is longer than \(Limits.appDescriptionMaxScalars) characters "
          + "or \(Limits.appDescriptionMaxBytes) bytes")
    }
    let isPlain = text.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 || $0 == 0x0A }
    guard isPlain else {
      throw Self.wrong(
        "description", "the description contains a control character other than tab and line feed")
    }
  }

  /// Unicode scalars of a UTF-8 text: its bytes that continue none.
  static func scalars(_ text: [UInt8]) -> Int { text.count { $0 & 0xC0 != 0x80 } }

  // MARK: URLs

  private func checkHomepage(_ url: [UInt8]) throws(Refusal) {
    if url.isEmpty {
      guard isDynamicallyRegistered else {
        throw Self.wrong("homepage", "the homepage is required; give an http or https URL")
      }
      return
    }
    try checkPage(url, field: "homepage", maxBytes: Limits.homepageMaxBytes)
  }

  private func checkIcon(_ url: [UInt8]) throws(Refusal) {
    if url.isEmpty { return }
    try checkPage(url, field: "iconUrl", maxBytes: Limits.iconURLMaxBytes)
  }

  /// A URL that people's browsers open: `http` or `https` only.
  func checkPage(_ url: [UInt8], field: String, maxBytes: Int) throws(Refusal) {
    guard url.count <= maxBytes else {
      throw Self.wrong(field, "the URL is longer than \(maxBytes) bytes")
    }
    guard URLRules.isWebURL(url) else { throw Self.wrong(field, Self.webURLRule) }
    guard !requiresHTTPS || URLRules.isHTTPS(url) else {
      throw Self.wrong(field, "the URL must be https: require-https-urls is set")
    }
  }

  private func checkCallbacks(_ callbacks: [[UInt8]]) throws(Refusal) {
    try checkCallbackList(callbacks, field: "callbacks")
    for (index, url) in callbacks.enumerated() {
      try checkCallback(url, field: "callbacks[\(index)]")
    }
  }

  /// The bounds of the list as a whole.
  func checkCallbackList(_ callbacks: [[UInt8]], field: String) throws(Refusal) {
    guard (1...Limits.callbacksMaxCount).contains(callbacks.count) else {
      throw Self.wrong(
        field, "give 1 to \(Limits.callbacksMaxCount) URLs, not \(callbacks.count)")
    }
    let total = callbacks.reduce(0) { $0 + $1.count + 1 }
    guard total <= Limits.callbacksTotalMaxBytes else {
      throw Self.wrong(
        field,
        "the URLs together, with one byte for each, are longer than "
          + "\(Limits.callbacksTotalMaxBytes) bytes")
    }
    try checkDistinct(callbacks, field: field)
  }

  func checkCallback(_ url: [UInt8], field: String) throws(Refusal) {
    guard url.count <= Limits.redirectURIMaxBytes else {
      throw Self.wrong(field, "the URL is longer than \(Limits.redirectURIMaxBytes) bytes")
    }
    guard hasCallbackSyntax(url) else {
      throw Self.wrong(
        field, isDynamicallyRegistered ? Self.nativeRedirectRule : Self.webURLRule)
    }
    guard !requiresHTTPS || isSecureCallback(url) else {
      throw Self.wrong(
        field,
        "the URL must be https, or http on 127.0.0.1 or [::1]: require-https-urls is set")
    }
  }

  private func hasCallbackSyntax(_ url: [UInt8]) -> Bool {
    isDynamicallyRegistered ? URLRules.isNativeRedirect(url) : URLRules.isWebURL(url)
  }

  /// Plain `http` is the one scheme that a network can read; loopback is no network.
  private func isSecureCallback(_ url: [UInt8]) -> Bool {
    guard let parts = URLParts(url) else { return false }
    return !parts.isHTTP || URLRules.isLoopback(url)
  }

  static let webURLRule =
    "must be an http:// or https:// URL with a host, without user information, fragment, "
    + "space, backslash or characters outside ASCII"
  static let nativeRedirectRule =
    "must be scheme:// with a host or, for a scheme of its own, a path, without user "
    + "information, fragment, space, backslash or characters outside ASCII; the schemes "
    + "javascript, data, vbscript, file, blob, about, filesystem, view-source and intent "
    + "are refused"

  // MARK: What only administrators set

  private func checkGrantTypes(_ types: GrantTypes, isPublic: Bool) throws(Refusal) {
    guard GrantTypes.all.isSuperset(of: types) else {
      throw Self.wrong("grants", "unknown grant type; the bits are 1, 2, 4 and 8")
    }
    guard !isPublic || !types.contains(.clientCredentials) else {
      throw Self.wrong(
        "grants", "a public client has no credentials to use client_credentials with")
    }
  }

  private func checkAudiences(_ audiences: [[UInt8]], isPublic: Bool) throws(Refusal) {
    guard audiences.isEmpty || !isPublic else {
      throw Self.wrong("audiences", "a public client cannot be a resource server")
    }
    guard audiences.count <= Limits.audiencesMaxCount else {
      throw Self.wrong("audiences", "more than \(Limits.audiencesMaxCount) audiences")
    }
    for (index, audience) in audiences.enumerated() where !URLRules.isAudience(audience) {
      throw Self.wrong(
        "audiences[\(index)]",
        "an audience is an absolute URI without a fragment, "
          + "at most \(Limits.audienceMaxBytes) bytes")
    }
    guard audiences.reduce(0, { $0 + $1.count }) <= Limits.audiencesTotalMaxBytes else {
      throw Self.wrong(
        "audiences",
        "the audiences together are longer than \(Limits.audiencesTotalMaxBytes) bytes")
    }
    try checkDistinct(audiences, field: "audiences")
  }

  private func checkScopes(_ scopes: [UInt8]) throws(Refusal) {
    guard ScopeSet(scopes) != nil else {
      throw Self.wrong(
        "scopes",
        "scopes are separated by one space, at most \(Limits.scopesMaxCount) of them and "
          + "\(Limits.scopeMaxBytes) bytes, of printable ASCII without quote and backslash")
    }
  }

  // MARK: Common

  private func checkDistinct(_ list: [[UInt8]], field: String) throws(Refusal) {
    for (index, entry) in list.enumerated() where list[..<index].contains(entry) {
      let place = "\(field)[\(index)]"
      throw Self.wrong(place, "the same value is in the list twice")
    }
  }

  private static func wrong(_ field: String, _ message: String) -> Refusal {
    Refusal(.invalidField, field: field, "\(field): \(message)")
  }
}
