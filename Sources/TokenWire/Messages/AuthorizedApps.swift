/// AUTHORIZED_APPS (0x0053): one page of the apps that a person has authorized.
public struct AuthorizedAppsRequest: RequestMessage {
  public typealias Reply = AuthorizedAppsReply
  public static var opcode: Opcode { .authorizedApps }

  public var acting: Acting
  public var user: [UInt8]
  /// 0, or `nextCursor` of the page before.
  public var cursor: UInt64
  /// Largest reply body wanted; 0 means 60,000.
  public var maxBytes: UInt32

  public init(acting: Acting, user: [UInt8], cursor: UInt64, maxBytes: UInt32) {
    self.acting = acting
    self.user = user
    self.cursor = cursor
    self.maxBytes = maxBytes
  }

  /// The same from strings.
  public init(acting: Acting, user: String, cursor: UInt64, maxBytes: UInt32) {
    self.init(
      acting: acting, user: Array(user.utf8), cursor: cursor, maxBytes: maxBytes)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    user = try reader.text("user")
    cursor = try reader.u64("cursor")
    maxBytes = try reader.u32("maxBytes")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.text(user, "user")
    writer.u64(cursor)
    writer.u32(maxBytes)
  }
}

/// One page of authorized apps.
public struct AuthorizedAppsReply: LaneReply {
  public var position: UInt64
  /// 0 after the last page.
  public var nextCursor: UInt64
  public var apps: [AuthorizedApp]

  public init(position: UInt64, nextCursor: UInt64, apps: [AuthorizedApp]) {
    self.position = position
    self.nextCursor = nextCursor
    self.apps = apps
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    nextCursor = try reader.u64("nextCursor")
    apps = try reader.list(AuthorizedApp.self, "apps")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(nextCursor)
    writer.list(apps, "apps")
  }
}

/// DEAUTHORIZE (0x0054): takes back everything a person has given an app. Idempotent.
public struct DeauthorizeRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .deauthorize }

  public var key: Bytes16
  public var acting: Acting
  public var user: [UInt8]
  public var clientId: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, user: [UInt8], clientId: [UInt8]) {
    self.key = key
    self.acting = acting
    self.user = user
    self.clientId = clientId
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, acting: Acting, user: String, clientId: String) {
    self.init(
      key: key, acting: acting, user: Array(user.utf8), clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    user = try reader.text("user")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(user, "user")
    writer.text(clientId, "clientId")
  }
}
