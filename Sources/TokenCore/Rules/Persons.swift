// Who is acting, and whether this person may act at all.

extension ServiceState {
  /// F1: off refuses whatever registers or grants.
  func requireProvider() throws(Refusal) {
    #if PLANTED
      if planted(.providerOffGrants) { return }
    #endif
    guard settings.isProviderEnabled else {
      throw Refusal(
        .providerOff,
        "the OAuth 2.0 provider is switched off; a system administrator can set provider-enabled")
    }
  }

  /// A person with a session of their own, known by a well-formed id and not disabled; or local
  /// administration. A person represented by an OAuth token manages no credentials (F36).
  func requirePerson(_ person: Person) throws(Refusal) {
    switch person.login {
    case .oauthToken:
      try requireUserID(person.user, field: "user")
      throw Refusal(
        .personLoginRefused, field: "acting.login",
        "a person represented by an OAuth token may not manage applications or credentials")
    case .local:
      if !person.user.isEmpty { try requireUserID(person.user, field: "acting.user") }
    case .session:
      try requireUserID(person.user, field: "acting.user")
      try requireEnabled(person.user, field: "acting.user")
    }
  }

  /// As `requirePerson`, and a person there must be: consent is nobody else's.
  func requireNamedPerson(_ person: Person) throws(Refusal) {
    try requirePerson(person)
    guard person.login == .session else {
      throw Refusal(
        .invalidField, field: "acting.login",
        "only a person with a session can authorize an application")
    }
  }

  func requireEnabled(_ userID: [UInt8], field: String) throws(Refusal) {
    #if PLANTED
      if planted(.disabledPersonActs) { return }
    #endif
    guard !isDisabled(userID) else {
      throw Refusal(.userDisabled, field: field, "this user is disabled")
    }
  }

  /// 1 to 128 bytes of 0x21...0x7E, at every entry.
  func requireUserID(_ id: [UInt8], field: String) throws(Refusal) {
    guard UserID.isWellFormed(id) else {
      throw Refusal(
        .invalidField, field: field,
        "a user id has 1 to \(Limits.userIDMaxBytes) printable ASCII characters and no space")
    }
  }
}

/// The syntax of a user id.
public enum UserID {
  /// Whether the bytes can be a user id: 1 to 128 visible ASCII characters (0x21 ... 0x7E). Says
  /// nothing about whether such a person exists.
  public static func isWellFormed(_ id: [UInt8]) -> Bool {
    (1...Limits.userIDMaxBytes).contains(id.count) && id.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
