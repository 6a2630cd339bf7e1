/// What a registration or update did otherwise than asked; bits as in the protocol's `notes`.
public struct ApplicationNotes: OptionSet, Sendable, Equatable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A person who is no system administrator asked for trust (F5).
  public static let trustIgnored = ApplicationNotes(rawValue: 1)
  /// Grant types, scopes or audiences that only a system administrator sets were left as they were.
  public static let grantsKept = ApplicationNotes(rawValue: 2)
  /// The change removed the trust the application had.
  public static let trustRemoved = ApplicationNotes(rawValue: 4)
}

/// An application with its creator in words.
public struct AppDescription: Sendable, Equatable {
  public var app: ClientApplication
  public var creator: [UInt8]

  public init(app: ClientApplication, creator: [UInt8]) {
    self.app = app
    self.creator = creator
  }
}

/// A grant with its references in words.
public struct GrantDescription: Sendable, Equatable {
  public var grant: Grant
  public var clientID: [UInt8]
  public var appName: [UInt8]
  public var user: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]

  public init(
    grant: Grant, clientID: [UInt8], appName: [UInt8], user: [UInt8], scope: [UInt8],
    audience: [UInt8]
  ) {
    self.grant = grant
    self.clientID = clientID
    self.appName = appName
    self.user = user
    self.scope = scope
    self.audience = audience
  }
}

/// An application in a person's list of authorized applications (F22).
public struct AuthorizedApplication: Sendable, Equatable {
  public var app: ClientApplication
  public var scope: [UInt8]
  public var firstAuthorizedAtMillis: UInt64
  public var grants: UInt32

  public init(
    app: ClientApplication, scope: [UInt8], firstAuthorizedAtMillis: UInt64, grants: UInt32
  ) {
    self.app = app
    self.scope = scope
    self.firstAuthorizedAtMillis = firstAuthorizedAtMillis
    self.grants = grants
  }
}

/// A token key as the key list (KEYS_LIST) shows it.
public struct KeyDescription: Sendable, Equatable {
  public var key: SigningKey
  /// Access and refresh tokens signed with it that have not been reclaimed.
  public var liveTokens: UInt64

  public init(key: SigningKey, liveTokens: UInt64) {
    self.key = key
    self.liveTokens = liveTokens
  }
}
