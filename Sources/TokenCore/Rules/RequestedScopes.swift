// What scopes a request may have (F33, G8).

extension ServiceState {
  /// Reads a scope parameter; its syntax is RFC 6749 3.3.
  func scopes(_ text: [UInt8]) throws(Refusal) -> ScopeSet {
    guard let scopes = ScopeSet(text) else {
      throw Refusal(
        .invalidScope, field: "scope",
        "scope must be at most \(Limits.scopesMaxCount) scopes separated by single spaces,"
          + " \(Limits.scopeMaxBytes) bytes together")
    }
    return scopes
  }

  /// The scopes of a token for a person: `user` where none was asked for, and none that the
  /// application is not allowed.
  func personScopes(_ text: [UInt8], _ app: ClientApplication) throws(Refusal) -> ScopeSet {
    let asked = try scopes(text.isEmpty ? Limits.defaultScope : text)
    if !app.fields.scopes.isEmpty { try requireAllowed(asked, app) }
    return asked
  }

  /// The scopes of a client's own token: all that the application is allowed where none was asked
  /// for. An application without a list of scopes has none of its own.
  func clientScopes(_ text: [UInt8], _ app: ClientApplication) throws(Refusal) -> ScopeSet {
    if text.isEmpty { return ScopeSet(app.fields.scopes) ?? ScopeSet.none }
    let asked = try scopes(text)
    try requireAllowed(asked, app)
    return asked
  }

  private func requireAllowed(_ asked: ScopeSet, _ app: ClientApplication) throws(Refusal) {
    guard let allowed = ScopeSet(app.fields.scopes), asked.isSubset(of: allowed) else {
      throw Refusal(
        .invalidScope, field: "scope", "this application is not allowed every scope it asks for")
    }
  }
}

extension ScopeSet {
  static let none = ScopeSet([]) ?? { preconditionFailure("the empty set is a set") }()
}
