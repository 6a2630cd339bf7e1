/// APP_REGISTER (F4-F11).
public struct RegisterApplication: Equatable, Sendable {
  public var person: Person
  public var fields: ApplicationFields
  /// 26 characters made from 128 random bits.
  public var clientID: [UInt8]
  public var secretDigest: SecretDigest

  public init(
    person: Person, fields: ApplicationFields, clientID: [UInt8], secretDigest: SecretDigest
  ) {
    self.person = person
    self.fields = fields
    self.clientID = clientID
    self.secretDigest = secretDigest
  }
}

/// APP_REGISTER_DYNAMIC (F42, RFC 7591).
public struct RegisterDynamically: Equatable, Sendable {
  public var redirectURIs: [[UInt8]]
  /// `none`, `client_secret_post`, `client_secret_basic`; empty = `client_secret_basic`.
  public var authMethod: [UInt8]
  public var clientName: [UInt8]
  public var clientURI: [UInt8]
  public var scope: [UInt8]
  public var clientID: [UInt8]
  public var secretDigest: SecretDigest

  public init(
    redirectURIs: [[UInt8]], authMethod: [UInt8], clientName: [UInt8], clientURI: [UInt8],
    scope: [UInt8], clientID: [UInt8], secretDigest: SecretDigest
  ) {
    self.redirectURIs = redirectURIs
    self.authMethod = authMethod
    self.clientName = clientName
    self.clientURI = clientURI
    self.scope = scope
    self.clientID = clientID
    self.secretDigest = secretDigest
  }
}

/// APP_UPDATE (F27). Id, creator, secret and creation time never change by it.
public struct UpdateApplication: Equatable, Sendable {
  public var person: Person
  public var clientID: [UInt8]
  /// The revision that was read before; 0 = whatever is there.
  public var expectedRevision: UInt32
  public var fields: ApplicationFields

  public init(
    person: Person, clientID: [UInt8], expectedRevision: UInt32, fields: ApplicationFields
  ) {
    self.person = person
    self.clientID = clientID
    self.expectedRevision = expectedRevision
    self.fields = fields
  }
}
