/// One access token with everything a token endpoint answers (RFC 6749 section 5.1).
public struct TokenSet: WireFields {
  public var accessToken: [UInt8]
  /// Unix milliseconds.
  public var expiresAt: UInt64
  public var expiresInSeconds: UInt32
  /// Empty if there is none.
  public var refreshToken: [UInt8]
  /// Unix milliseconds, 0 without a refresh token.
  public var refreshExpiresAt: UInt64
  public var scope: [UInt8]
  public var audience: [UInt8]
  /// Stands for the token in logs and lists; cannot be used as one.
  public var accessor: [UInt8]
  /// Reference of the grant (`sgg_`).
  public var grant: [UInt8]

  public init(
    accessToken: [UInt8], expiresAt: UInt64, expiresInSeconds: UInt32, refreshToken: [UInt8],
    refreshExpiresAt: UInt64, scope: [UInt8], audience: [UInt8], accessor: [UInt8],
    grant: [UInt8]
  ) {
    self.accessToken = accessToken
    self.expiresAt = expiresAt
    self.expiresInSeconds = expiresInSeconds
    self.refreshToken = refreshToken
    self.refreshExpiresAt = refreshExpiresAt
    self.scope = scope
    self.audience = audience
    self.accessor = accessor
    self.grant = grant
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    accessToken = try reader.text("accessToken")
    expiresAt = try reader.u64("expiresAt")
    expiresInSeconds = try reader.u32("expiresInSeconds")
    refreshToken = try reader.text("refreshToken")
    refreshExpiresAt = try reader.u64("refreshExpiresAt")
    scope = try reader.text("scope")
    audience = try reader.text("audience")
    accessor = try reader.text("accessor")
    grant = try reader.text("grant")
  }

  // `SpelledTokenSet` writes the same; a test compares the bytes.
  public func write(to writer: inout WireWriter) {
    writer.text(accessToken, "accessToken")
    writer.u64(expiresAt)
    writer.u32(expiresInSeconds)
    writer.text(refreshToken, "refreshToken")
    writer.u64(refreshExpiresAt)
    writer.text(scope, "scope")
    writer.text(audience, "audience")
    writer.text(accessor, "accessor")
    writer.text(grant, "grant")
  }
}
