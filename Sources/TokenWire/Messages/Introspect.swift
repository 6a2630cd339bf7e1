/// INTROSPECT (0x0011): everything about one token, with the reason if it is dead. For gateways,
/// never for clients.
public struct IntrospectRequest: RequestMessage {
  public typealias Reply = IntrospectReply
  public static var opcode: Opcode { .introspect }

  public var token: [UInt8]

  public init(token: [UInt8]) {
    self.token = token
  }

  /// The same from strings.
  public init(token: String) {
    self.init(
      token: Array(token.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    token = try reader.text("token")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(token, "token")
  }
}

/// CLIENT_INTROSPECT (0x0012): RFC 7662 for an authenticated client: active only for its own tokens
/// or, for a resource server, for its audiences.
public struct ClientIntrospectRequest: RequestMessage {
  public typealias Reply = IntrospectReply
  public static var opcode: Opcode { .clientIntrospect }

  public var client: ClientAuth
  public var token: [UInt8]

  public init(client: ClientAuth, token: [UInt8]) {
    self.client = client
    self.token = token
  }

  /// The same from strings.
  public init(client: ClientAuth, token: String) {
    self.init(
      client: client, token: Array(token.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    client = try reader.group(ClientAuth.self, "client")
    token = try reader.text("token")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(client, "client")
    writer.text(token, "token")
  }
}

/// What is known of a token. For clients, an inactive token has everything empty.
public struct IntrospectReply: LaneReply {
  public var position: UInt64
  public var active: Bool
  /// `Verdict`, raw: why it is not active; 0 when it is, and always 0 for clients.
  public var reason: UInt8
  /// 0 unknown, 1 access token, 2 refresh token.
  public var tokenKind: UInt8
  public var subject: [UInt8]
  public var clientId: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]
  /// Unix milliseconds.
  public var expiresAt: UInt64
  /// Unix milliseconds.
  public var issuedAt: UInt64
  public var accessor: [UInt8]
  public var grant: [UInt8]

  public init(
    position: UInt64, active: Bool, reason: UInt8, tokenKind: UInt8, subject: [UInt8],
    clientId: [UInt8], scope: [UInt8], audience: [UInt8], expiresAt: UInt64, issuedAt: UInt64,
    accessor: [UInt8], grant: [UInt8]
  ) {
    self.position = position
    self.active = active
    self.reason = reason
    self.tokenKind = tokenKind
    self.subject = subject
    self.clientId = clientId
    self.scope = scope
    self.audience = audience
    self.expiresAt = expiresAt
    self.issuedAt = issuedAt
    self.accessor = accessor
    self.grant = grant
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    active = try reader.bool("active")
    reason = try reader.u8("reason")
    tokenKind = try reader.u8("tokenKind")
    subject = try reader.text("subject")
    clientId = try reader.text("clientId")
    scope = try reader.text("scope")
    audience = try reader.text("audience")
    expiresAt = try reader.u64("expiresAt")
    issuedAt = try reader.u64("issuedAt")
    accessor = try reader.text("accessor")
    grant = try reader.text("grant")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.bool(active)
    writer.u8(reason)
    writer.u8(tokenKind)
    writer.text(subject, "subject")
    writer.text(clientId, "clientId")
    writer.text(scope, "scope")
    writer.text(audience, "audience")
    writer.u64(expiresAt)
    writer.u64(issuedAt)
    writer.text(accessor, "accessor")
    writer.text(grant, "grant")
  }
}
