/// Who a front says is acting (the `Acting` group of the protocol).
public struct Person: Equatable, Sendable {
  /// How the front identified the person. Raw values as on the wire.
  public enum Login: UInt8, Sendable {
    /// Local administration, without a person; counts as a system administrator.
    case local = 0
    /// A person logged in with a session of their own.
    case session = 1
    /// A person represented by an OAuth access token: may not manage credentials (F36).
    case oauthToken = 2
  }

  public var user: [UInt8]
  public var isSystemAdmin: Bool
  public var login: Login

  public init(user: [UInt8], isSystemAdmin: Bool, login: Login) {
    self.user = user
    self.isSystemAdmin = isSystemAdmin
    self.login = login
  }

  public static let localAdministration = Person(user: [], isSystemAdmin: true, login: .local)

  /// Whether everything an administrator may do is open to this person.
  public var administers: Bool { isSystemAdmin || login == .local }
}

/// What a client shows to authenticate itself (RFC 6749 2.3).
public struct ClientCredential: Equatable, Sendable {
  public var clientID: [UInt8]
  /// The digest of the secret as presented; nil where none was presented.
  public var secretDigest: SecretDigest?

  public init(clientID: [UInt8], secretDigest: SecretDigest?) {
    self.clientID = clientID
    self.secretDigest = secretDigest
  }
}

/// A credential as a worker has judged it: its text and MAC are checked before the lane sees it.
public enum PresentedCredential: Equatable, Sendable {
  case authentic(TokenID, keyID: UInt8)
  /// Malformed, of another kind, or not signed by this service.
  case foreign
}

/// An access token made ready outside the lane: drawn, signed and digested.
public struct PreparedToken: Equatable, Sendable {
  public var id: TokenID
  public var keyID: UInt8
  public var digest: TokenDigest

  public init(id: TokenID, keyID: UInt8, digest: TokenDigest) {
    self.id = id
    self.keyID = keyID
    self.digest = digest
  }
}
