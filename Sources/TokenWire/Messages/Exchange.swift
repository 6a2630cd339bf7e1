/// EXCHANGE (0x0033): an authorization code for tokens (RFC 6749 section 4.1.3).
public struct ExchangeRequest: MutationMessage {
  public typealias Reply = TokensReply
  public static var opcode: Opcode { .exchange }

  public var key: Bytes16
  public var client: ClientAuth
  public var code: [UInt8]
  public var redirectUri: [UInt8]
  public var codeVerifier: [UInt8]
  public var resource: [UInt8]

  public init(
    key: Bytes16 = .zero, client: ClientAuth, code: [UInt8], redirectUri: [UInt8],
    codeVerifier: [UInt8], resource: [UInt8]
  ) {
    self.key = key
    self.client = client
    self.code = code
    self.redirectUri = redirectUri
    self.codeVerifier = codeVerifier
    self.resource = resource
  }

  /// The same from strings.
  public init(
    key: Bytes16 = .zero, client: ClientAuth, code: String, redirectUri: String,
    codeVerifier: String, resource: String
  ) {
    self.init(
      key: key, client: client, code: Array(code.utf8), redirectUri: Array(redirectUri.utf8),
      codeVerifier: Array(codeVerifier.utf8), resource: Array(resource.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    client = try reader.group(ClientAuth.self, "client")
    code = try reader.text("code")
    redirectUri = try reader.text("redirectUri")
    codeVerifier = try reader.text("codeVerifier")
    resource = try reader.text("resource")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(client, "client")
    writer.text(code, "code")
    writer.text(redirectUri, "redirectUri")
    writer.text(codeVerifier, "codeVerifier")
    writer.text(resource, "resource")
  }
}

/// REFRESH (0x0034): a refresh token for new tokens (RFC 6749 section 6); it rotates.
public struct RefreshRequest: MutationMessage {
  public typealias Reply = TokensReply
  public static var opcode: Opcode { .refresh }

  public var key: Bytes16
  public var client: ClientAuth
  public var refreshToken: [UInt8]
  /// Empty: the scope of the grant.
  public var scope: [UInt8]
  public var resource: [UInt8]

  public init(
    key: Bytes16 = .zero, client: ClientAuth, refreshToken: [UInt8], scope: [UInt8],
    resource: [UInt8]
  ) {
    self.key = key
    self.client = client
    self.refreshToken = refreshToken
    self.scope = scope
    self.resource = resource
  }

  /// The same from strings.
  public init(
    key: Bytes16 = .zero, client: ClientAuth, refreshToken: String, scope: String,
    resource: String
  ) {
    self.init(
      key: key, client: client, refreshToken: Array(refreshToken.utf8),
      scope: Array(scope.utf8), resource: Array(resource.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    client = try reader.group(ClientAuth.self, "client")
    refreshToken = try reader.text("refreshToken")
    scope = try reader.text("scope")
    resource = try reader.text("resource")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(client, "client")
    writer.text(refreshToken, "refreshToken")
    writer.text(scope, "scope")
    writer.text(resource, "resource")
  }
}

/// CLIENT_CREDENTIALS (0x0035): a token for the client itself (RFC 6749 section 4.4).
public struct ClientCredentialsRequest: MutationMessage {
  public typealias Reply = TokensReply
  public static var opcode: Opcode { .clientCredentials }

  public var key: Bytes16
  public var client: ClientAuth
  public var scope: [UInt8]
  public var resource: [UInt8]

  public init(key: Bytes16 = .zero, client: ClientAuth, scope: [UInt8], resource: [UInt8]) {
    self.key = key
    self.client = client
    self.scope = scope
    self.resource = resource
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, client: ClientAuth, scope: String, resource: String) {
    self.init(
      key: key, client: client, scope: Array(scope.utf8), resource: Array(resource.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    client = try reader.group(ClientAuth.self, "client")
    scope = try reader.text("scope")
    resource = try reader.text("resource")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(client, "client")
    writer.text(scope, "scope")
    writer.text(resource, "resource")
  }
}

/// The answer of a token endpoint.
public struct TokensReply: LaneReply {
  public var position: UInt64
  public var tokens: TokenSet

  public init(position: UInt64, tokens: TokenSet) {
    self.position = position
    self.tokens = tokens
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    tokens = try reader.group(TokenSet.self, "tokens")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.group(tokens, "tokens")
  }
}
