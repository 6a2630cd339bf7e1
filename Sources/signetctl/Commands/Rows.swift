internal import TokenWire

/// Groups of the contract as fields of a report, under the contract's names.
enum Rows {
  static func app(_ app: AppEntry) -> [Field] {
    [
      Field("clientId", .text(app.clientId)), Field("creator", .text(app.creator)),
      Field("name", .text(app.name)), Field("description", .text(app.description)),
      Field("homepage", .text(app.homepage)), Field("iconUrl", .text(app.iconUrl)),
      Field("callbacks", .texts(app.callbacks)), Field("trusted", .bool(app.trusted)),
      Field("isPublic", .bool(app.isPublic)),
      Field("dynamicallyRegistered", .bool(app.dynamicallyRegistered)),
      Field("grants", grantTypes(app.grants)), Field("audiences", .texts(app.audiences)),
      Field("scopes", .text(app.scopes)), Field("revision", .number(UInt64(app.revision))),
      Field("createdAt", .time(app.createdAt)), Field("updatedAt", .time(app.updatedAt)),
    ]
  }

  static func info(_ app: AppInfo) -> [Field] {
    [
      Field("clientId", .text(app.clientId)), Field("name", .text(app.name)),
      Field("description", .text(app.description)), Field("homepage", .text(app.homepage)),
      Field("iconUrl", .text(app.iconUrl)), Field("trusted", .bool(app.trusted)),
      Field("isPublic", .bool(app.isPublic)),
    ]
  }

  static func tokens(_ set: TokenSet) -> [Field] {
    [
      Field("accessToken", .text(set.accessToken)), Field("expiresAt", .time(set.expiresAt)),
      Field("expiresInSeconds", .seconds(UInt64(set.expiresInSeconds)), label: "expires in"),
      Field("refreshToken", .text(set.refreshToken)),
      Field("refreshExpiresAt", .time(set.refreshExpiresAt)), Field("scope", .text(set.scope)),
      Field("audience", .text(set.audience)), Field("accessor", .text(set.accessor)),
      Field("grant", .text(set.grant)),
    ]
  }

  static func grant(_ grant: GrantEntry) -> [Field] {
    [
      Field("grant", .text(grant.grant)), Field("clientId", .text(grant.clientId)),
      Field("appName", .text(grant.appName)), Field("user", .text(grant.user)),
      Field("scope", .text(grant.scope)), Field("audience", .text(grant.audience)),
      Field("createdAt", .time(grant.createdAt)), Field("lastIssuedAt", .time(grant.lastIssuedAt)),
      Field("expiresAt", .time(grant.expiresAt)), Field("hasRefresh", .bool(grant.hasRefresh)),
    ]
  }

  /// The names of the bits; bits of later versions as one number.
  static func grantTypes(_ bits: UInt16) -> Value {
    let known = GrantTypes.named.filter { GrantTypes(rawValue: bits).contains($0.grant) }
    let rest = GrantTypes(rawValue: bits).subtracting(.all).rawValue
    return .list(
      known.map { .text($0.name) } + (rest == 0 ? [] : [.text("0x" + String(rest, radix: 16))]))
  }
}

extension Report.Block {
  /// The cursor of a list that was not read to its end; nothing else.
  static func pageEnd(_ nextCursor: UInt64) -> Report.Block {
    .fields(nextCursor == 0 ? [] : [Field("nextCursor", .number(nextCursor))])
  }
}
