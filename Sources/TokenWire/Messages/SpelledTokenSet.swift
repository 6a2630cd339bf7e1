/// A `TokenSet` of which the texts are not there yet: they are spelled where they are written. The
/// same bytes as `TokenSet` writes, without an array for each text.
public struct SpelledTokenSet: Sendable {
  /// nil: an empty text.
  public var accessToken: ParsedToken?
  /// Unix milliseconds.
  public var expiresAt: UInt64
  public var expiresInSeconds: UInt32
  /// nil: an empty text.
  public var refreshToken: ParsedToken?
  /// Unix milliseconds, 0 without a refresh token.
  public var refreshExpiresAt: UInt64
  public var scope: [UInt8]
  public var audience: [UInt8]
  public var accessor: ParsedReference
  public var grant: ParsedReference

  public init(
    accessToken: ParsedToken?, expiresAt: UInt64, expiresInSeconds: UInt32,
    refreshToken: ParsedToken?, refreshExpiresAt: UInt64, scope: [UInt8], audience: [UInt8],
    accessor: ParsedReference, grant: ParsedReference
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

  func write(to writer: inout WireWriter) {
    writer.text(spelling: accessToken)
    writer.u64(expiresAt)
    writer.u32(expiresInSeconds)
    writer.text(spelling: refreshToken)
    writer.u64(refreshExpiresAt)
    writer.text(scope, "scope")
    writer.text(audience, "audience")
    writer.text(spelling: accessor)
    writer.text(spelling: grant)
  }
}
