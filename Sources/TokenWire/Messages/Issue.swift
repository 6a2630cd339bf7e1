/// One grant to issue and how many tokens it gets.
public struct IssueItem: WireFields {
  public var clientId: [UInt8]
  /// Empty: tokens of the client itself.
  public var user: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]
  /// 0 means the setting.
  public var lifetimeSeconds: UInt32
  /// Only with `count` 1.
  public var withRefresh: Bool
  /// 1 or more; all items together at most 128.
  public var count: UInt16

  public init(
    clientId: [UInt8], user: [UInt8], scope: [UInt8], audience: [UInt8],
    lifetimeSeconds: UInt32, withRefresh: Bool, count: UInt16
  ) {
    self.clientId = clientId
    self.user = user
    self.scope = scope
    self.audience = audience
    self.lifetimeSeconds = lifetimeSeconds
    self.withRefresh = withRefresh
    self.count = count
  }

  /// The same from strings.
  public init(
    clientId: String, user: String, scope: String, audience: String, lifetimeSeconds: UInt32,
    withRefresh: Bool, count: UInt16
  ) {
    self.init(
      clientId: Array(clientId.utf8), user: Array(user.utf8), scope: Array(scope.utf8),
      audience: Array(audience.utf8), lifetimeSeconds: lifetimeSeconds,
      withRefresh: withRefresh, count: count)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    clientId = try reader.text("clientId")
    user = try reader.text("user")
    scope = try reader.text("scope")
    audience = try reader.text("audience")
    lifetimeSeconds = try reader.u32("lifetimeSeconds")
    withRefresh = try reader.bool("withRefresh")
    count = try reader.u16("count")
    guard count >= 1 else { throw WireFault(.invalidValue, "count") }
  }

  public func write(to writer: inout WireWriter) {
    writer.text(clientId, "clientId")
    writer.text(user, "user")
    writer.text(scope, "scope")
    writer.text(audience, "audience")
    writer.u32(lifetimeSeconds)
    writer.bool(withRefresh)
    writer.u16(count)
  }
}

/// ISSUE (0x0020): tokens without consent, for a caller with the right `issue`. All or nothing.
public struct IssueRequest: MutationMessage {
  public typealias Reply = IssueReply
  public static var opcode: Opcode { .issue }

  public var key: Bytes16
  public var items: [IssueItem]

  public init(key: Bytes16 = .zero, items: [IssueItem]) {
    self.key = key
    self.items = items
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    items = try reader.list(IssueItem.self, "items", min: 1, max: WireLimits.issueItems)
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.list(items, "items")
  }
}

/// The tokens in the order of the items.
public struct IssueReply: LaneReply {
  public var position: UInt64
  public var tokens: [TokenSet]

  public init(position: UInt64, tokens: [TokenSet]) {
    self.position = position
    self.tokens = tokens
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    tokens = try reader.list(TokenSet.self, "tokens", max: WireLimits.issueTokens)
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.list(tokens, "tokens")
  }
}
