/// What an application may ask the token operations for (RFC 7591 `grant_types`).
public struct GrantTypes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let authorizationCode = GrantTypes(rawValue: 1)
  public static let refreshToken = GrantTypes(rawValue: 2)
  public static let clientCredentials = GrantTypes(rawValue: 4)
  public static let implicit = GrantTypes(rawValue: 8)

  /// What an application has when it asks for nothing else.
  public static let standard: GrantTypes = [.authorizationCode, .refreshToken]
  public static let all: GrantTypes = [
    .authorizationCode, .refreshToken, .clientCredentials, .implicit,
  ]
}

/// What a registration or an update states about an application (F4, F27).
public struct ApplicationFields: Equatable, Sendable {
  public var name: [UInt8]
  public var description: [UInt8]
  public var homepage: [UInt8]
  public var iconURL: [UInt8]
  public var callbacks: [[UInt8]]
  public var isTrusted: Bool
  public var isPublic: Bool
  /// Empty stands for `GrantTypes.standard`.
  public var grantTypes: GrantTypes
  /// The audiences this application serves as a resource server; empty = it is none.
  public var audiences: [[UInt8]]
  /// The scopes it may be granted; empty = any scope that a person consents to.
  public var scopes: [UInt8]

  public init(
    name: [UInt8], description: [UInt8] = [], homepage: [UInt8], iconURL: [UInt8] = [],
    callbacks: [[UInt8]], isTrusted: Bool = false, isPublic: Bool = false,
    grantTypes: GrantTypes = [], audiences: [[UInt8]] = [], scopes: [UInt8] = []
  ) {
    self.name = name
    self.description = description
    self.homepage = homepage
    self.iconURL = iconURL
    self.callbacks = callbacks
    self.isTrusted = isTrusted
    self.isPublic = isPublic
    self.grantTypes = grantTypes
    self.audiences = audiences
    self.scopes = scopes
  }
}

/// A registered OAuth 2.0 application: a client in the words of RFC 6749.
public struct ClientApplication: Equatable, Sendable {
  /// 26 characters of `[a-z2-7]`.
  public var clientID: [UInt8]
  public var fields: ApplicationFields
  /// The user who registered it; 0 for a dynamically registered one or local administration.
  public var creatorSlot: UInt32
  public var isDynamicallyRegistered: Bool
  /// Deleted applications keep their slot until nothing refers to it any more.
  public var isDeleted: Bool
  /// Grows by one with every change that a consent ticket must notice.
  public var revision: UInt32
  /// SHA-256 of the whole text of the client secret; zeros for a public client.
  public var secretDigest: SecretDigest
  public var createdAtMillis: UInt64
  public var updatedAtMillis: UInt64

  public init(
    clientID: [UInt8], fields: ApplicationFields, creatorSlot: UInt32,
    isDynamicallyRegistered: Bool, secretDigest: SecretDigest, createdAtMillis: UInt64
  ) {
    self.clientID = clientID
    self.fields = fields
    self.creatorSlot = creatorSlot
    self.isDynamicallyRegistered = isDynamicallyRegistered
    self.isDeleted = false
    self.revision = 1
    self.secretDigest = secretDigest
    self.createdAtMillis = createdAtMillis
    self.updatedAtMillis = createdAtMillis
  }
}

/// The SHA-256 of a client secret. Secrets are 256 random bits, so no slow hash is needed.
public struct SecretDigest: Sendable, Equatable {
  public var bytes: InlineArray<32, UInt8>

  public init(bytes: InlineArray<32, UInt8>) { self.bytes = bytes }

  public static let none = SecretDigest(bytes: InlineArray(repeating: 0))

  /// Compares in a time that does not depend on where the digests differ.
  public static func == (left: SecretDigest, right: SecretDigest) -> Bool {
    var difference: UInt8 = 0
    for index in 0..<32 { difference |= left.bytes[index] ^ right.bytes[index] }
    return difference == 0
  }
}
