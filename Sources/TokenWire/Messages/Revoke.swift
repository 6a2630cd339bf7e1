/// CLIENT_REVOKE (0x0036): RFC 7009. A refresh token takes its whole grant along; an unknown token
/// gets the same answer.
public struct ClientRevokeRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .clientRevoke }

  public var key: Bytes16
  public var client: ClientAuth
  public var token: [UInt8]

  public init(key: Bytes16 = .zero, client: ClientAuth, token: [UInt8]) {
    self.key = key
    self.client = client
    self.token = token
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, client: ClientAuth, token: String) {
    self.init(
      key: key, client: client, token: Array(token.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    client = try reader.group(ClientAuth.self, "client")
    token = try reader.text("token")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(client, "client")
    writer.text(token, "token")
  }
}

/// REVOKE (0x0037): an administrator revokes a token or a grant.
public struct RevokeRequest: MutationMessage {
  public typealias Reply = RevokeReply
  public static var opcode: Opcode { .revoke }

  public var key: Bytes16
  /// Access or refresh token, accessor (`sgx_`) or grant reference (`sgg_`).
  public var subject: [UInt8]

  public init(key: Bytes16 = .zero, subject: [UInt8]) {
    self.key = key
    self.subject = subject
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, subject: String) {
    self.init(
      key: key, subject: Array(subject.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    subject = try reader.text("subject")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.text(subject, "subject")
  }
}

/// Whether anything was alive.
public struct RevokeReply: LaneReply {
  public var position: UInt64
  public var revoked: Bool

  public init(position: UInt64, revoked: Bool) {
    self.position = position
    self.revoked = revoked
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    revoked = try reader.bool("revoked")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.bool(revoked)
  }
}
