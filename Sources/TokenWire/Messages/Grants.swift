/// GRANT_LIST (0x0050): one page of grants: a person's own, or everybody's for administrators.
public struct GrantListRequest: RequestMessage {
  public typealias Reply = GrantListReply
  public static var opcode: Opcode { .grantList }

  public var acting: Acting
  /// Only this person's; empty means any.
  public var user: [UInt8]
  /// Only this app's; empty means any.
  public var clientId: [UInt8]
  /// 0, or `nextCursor` of the page before.
  public var cursor: UInt64
  /// Largest reply body wanted; 0 means 60,000.
  public var maxBytes: UInt32

  public init(acting: Acting, user: [UInt8], clientId: [UInt8], cursor: UInt64, maxBytes: UInt32) {
    self.acting = acting
    self.user = user
    self.clientId = clientId
    self.cursor = cursor
    self.maxBytes = maxBytes
  }

  /// The same from strings.
  public init(acting: Acting, user: String, clientId: String, cursor: UInt64, maxBytes: UInt32) {
    self.init(
      acting: acting, user: Array(user.utf8), clientId: Array(clientId.utf8), cursor: cursor,
      maxBytes: maxBytes)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    user = try reader.text("user")
    clientId = try reader.text("clientId")
    cursor = try reader.u64("cursor")
    maxBytes = try reader.u32("maxBytes")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.text(user, "user")
    writer.text(clientId, "clientId")
    writer.u64(cursor)
    writer.u32(maxBytes)
  }
}

/// One page of grants.
public struct GrantListReply: LaneReply {
  public var position: UInt64
  /// 0 after the last page.
  public var nextCursor: UInt64
  public var grants: [GrantEntry]

  public init(position: UInt64, nextCursor: UInt64, grants: [GrantEntry]) {
    self.position = position
    self.nextCursor = nextCursor
    self.grants = grants
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    nextCursor = try reader.u64("nextCursor")
    grants = try reader.list(GrantEntry.self, "grants")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(nextCursor)
    writer.list(grants, "grants")
  }
}

/// GRANT_GET (0x0051).
public struct GrantGetRequest: RequestMessage {
  public typealias Reply = GrantReply
  public static var opcode: Opcode { .grantGet }

  public var acting: Acting
  /// Grant reference (`sgg_`) or accessor (`sgx_`).
  public var reference: [UInt8]

  public init(acting: Acting, reference: [UInt8]) {
    self.acting = acting
    self.reference = reference
  }

  /// The same from strings.
  public init(acting: Acting, reference: String) {
    self.init(
      acting: acting, reference: Array(reference.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    reference = try reader.text("reference")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.text(reference, "reference")
  }
}

/// A grant.
public struct GrantReply: LaneReply {
  public var position: UInt64
  public var grant: GrantEntry

  public init(position: UInt64, grant: GrantEntry) {
    self.position = position
    self.grant = grant
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    grant = try reader.group(GrantEntry.self, "grant")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.group(grant, "grant")
  }
}

/// GRANT_REVOKE (0x0052).
public struct GrantRevokeRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .grantRevoke }

  public var key: Bytes16
  public var acting: Acting
  /// Grant reference (`sgg_`) or accessor (`sgx_`).
  public var reference: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, reference: [UInt8]) {
    self.key = key
    self.acting = acting
    self.reference = reference
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, acting: Acting, reference: String) {
    self.init(
      key: key, acting: acting, reference: Array(reference.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    reference = try reader.text("reference")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(reference, "reference")
  }
}
