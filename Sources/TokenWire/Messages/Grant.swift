/// A grant: what one consent, issue or client login has given (group `Grant`).
public struct GrantEntry: WireFields {
  /// Reference (`sgg_`).
  public var grant: [UInt8]
  public var clientId: [UInt8]
  public var appName: [UInt8]
  /// Empty for a client's own grant.
  public var user: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]
  /// Unix milliseconds.
  public var createdAt: UInt64
  /// Unix milliseconds.
  public var lastIssuedAt: UInt64
  /// Unix milliseconds.
  public var expiresAt: UInt64
  public var hasRefresh: Bool

  public init(
    grant: [UInt8], clientId: [UInt8], appName: [UInt8], user: [UInt8], scope: [UInt8],
    audience: [UInt8], createdAt: UInt64, lastIssuedAt: UInt64, expiresAt: UInt64,
    hasRefresh: Bool
  ) {
    self.grant = grant
    self.clientId = clientId
    self.appName = appName
    self.user = user
    self.scope = scope
    self.audience = audience
    self.createdAt = createdAt
    self.lastIssuedAt = lastIssuedAt
    self.expiresAt = expiresAt
    self.hasRefresh = hasRefresh
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    grant = try reader.text("grant")
    clientId = try reader.text("clientId")
    appName = try reader.text("appName")
    user = try reader.text("user")
    scope = try reader.text("scope")
    audience = try reader.text("audience")
    createdAt = try reader.u64("createdAt")
    lastIssuedAt = try reader.u64("lastIssuedAt")
    expiresAt = try reader.u64("expiresAt")
    hasRefresh = try reader.bool("hasRefresh")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(grant, "grant")
    writer.text(clientId, "clientId")
    writer.text(appName, "appName")
    writer.text(user, "user")
    writer.text(scope, "scope")
    writer.text(audience, "audience")
    writer.u64(createdAt)
    writer.u64(lastIssuedAt)
    writer.u64(expiresAt)
    writer.bool(hasRefresh)
  }
}

/// An app that a person has authorized.
public struct AuthorizedApp: WireFields {
  public var app: AppInfo
  /// Everything consented to.
  public var scope: [UInt8]
  /// Unix milliseconds.
  public var firstAuthorizedAt: UInt64
  /// Live grants.
  public var grants: UInt32

  public init(app: AppInfo, scope: [UInt8], firstAuthorizedAt: UInt64, grants: UInt32) {
    self.app = app
    self.scope = scope
    self.firstAuthorizedAt = firstAuthorizedAt
    self.grants = grants
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    app = try reader.group(AppInfo.self, "app")
    scope = try reader.text("scope")
    firstAuthorizedAt = try reader.u64("firstAuthorizedAt")
    grants = try reader.u32("grants")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(app, "app")
    writer.text(scope, "scope")
    writer.u64(firstAuthorizedAt)
    writer.u32(grants)
  }
}
