/// Everything the service can be asked that touches its state, with time, ids and digests as
/// values. The names are those of the protocol.
public enum Operation: Sendable {
  // Tokens
  case issue(IssueTokens)
  case authorize(Authorize)
  case allow(AnswerConsent)
  case deny(AnswerConsent)
  case exchange(ExchangeCode)
  case refresh(RefreshTokens)
  case clientCredentials(GrantClientCredentials)
  case clientRevoke(ClientCredential, RevocationSubject)
  case revoke(RevocationSubject)
  case introspect(IntrospectionSubject)
  case clientIntrospect(ClientCredential, IntrospectionSubject)

  // Applications
  case registerApp(RegisterApplication)
  case registerAppDynamically(RegisterDynamically)
  case getApp(Person, clientID: [UInt8])
  case appInfo(Person, clientID: [UInt8])
  case listApps(Person, all: Bool, Page)
  case updateApp(UpdateApplication)
  case deleteApp(Person, clientID: [UInt8])
  case regenerateSecret(Person, clientID: [UInt8], SecretDigest)

  // Grants
  case listGrants(Person, user: [UInt8], clientID: [UInt8], Page)
  case getGrant(Person, GrantReference)
  case revokeGrant(Person, GrantReference)
  case authorizedApps(Person, user: [UInt8], Page)
  case deauthorize(Person, user: [UInt8], clientID: [UInt8])

  // Users and mass revocation
  case disableUser([UInt8])
  case enableUser([UInt8])
  case revokeUser([UInt8], RevokeUserReason)
  case revokeApp(clientID: [UInt8])
  /// Unix milliseconds; 0 = now.
  case revokeBefore(UInt64)

  // Administration
  case getSettings(Person)
  case setSettings(Person, [SettingChange])
  case listKeys
  case rotateKey(salt: TokenID)
  case retireKey(keyID: UInt8, force: Bool)
  case audit(Page)
  case metadata
}

/// Why all tokens of a person end (REVOKE_USER); decides what else ends. Raw values as on the wire.
public enum RevokeUserReason: UInt8, Sendable {
  case allSessions = 0
  /// Obeys the setting `revoke-on-password-change`.
  case passwordChanged = 1
  /// Consents go too, and the person's applications lose their owner.
  case userDeleted = 2
}

/// A new value for one setting, as text; the rules judge both name and value.
public struct SettingChange: Equatable, Sendable {
  public var name: [UInt8]
  public var value: [UInt8]

  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }
}

/// Where a list goes on, and how many bytes of reply it may fill.
public struct Page: Equatable, Sendable {
  /// 0 = from the start; otherwise the `next` of the page before.
  public var cursor: UInt64
  public var maxBytes: Int

  public init(cursor: UInt64, maxBytes: Int) {
    self.cursor = cursor
    self.maxBytes = maxBytes
  }

  func limited(toBytes bytes: Int) -> Page {
    Page(cursor: cursor, maxBytes: min(maxBytes, bytes))
  }
}

/// What a token introspection was shown.
public enum IntrospectionSubject: Equatable, Sendable {
  case accessToken(TokenID, keyID: UInt8)
  case refreshToken(TokenID, keyID: UInt8)
  case malformed
  case forged
}

/// What is to be revoked. An accessor arrives already turned into its token's id.
public enum RevocationSubject: Equatable, Sendable {
  case accessToken(TokenID)
  case refreshToken(TokenID)
  case grant(TokenID)
  /// Well-formed or not, nothing of this service (RFC 7009 2.2: answered like a revoked one).
  case foreign
}

/// A grant named by its own id (`sgg_`) or through one of its access tokens (`sgx_`).
public enum GrantReference: Equatable, Sendable {
  case grant(TokenID)
  case accessToken(TokenID)
  case foreign
}
