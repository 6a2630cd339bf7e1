/// What an administrator may switch while the service runs. Changing one is a mutation like any
/// other: journaled, audited, effective with its commit.
public struct Settings: Equatable, Sendable {
  /// F1: off on a fresh data directory.
  public var isProviderEnabled = false
  /// F2: on, only system administrators register applications.
  public var restrictsIntegrationsToAdmins = true
  /// F3: handed to the posting side with every validated identity.
  public var enablesUsernameOverride = false
  public var enablesIconOverride = false
  /// F42: RFC 7591 registration without a person.
  public var allowsDynamicRegistration = false
  /// F43: globs that a dynamically registered redirect URI must match; empty = any.
  public var dynamicRegistrationAllowlist: [[UInt8]] = []
  public var requiresHTTPSURLs = false
  public var codeLifetimeSeconds: UInt32 = 60
  public var accessTokenLifetimeSeconds: UInt32 = 2_592_000
  public var refreshIdleSeconds: UInt32 = 7_776_000
  public var refreshAbsoluteSeconds: UInt32 = 31_536_000
  public var refreshGraceSeconds: UInt32 = 10
  public var issuesRefreshTokensToPublicClients = true
  public var revokesOnPasswordChange = true
  /// F49: the oldest grant goes when one more is made.
  public var grantsPerUser: UInt32 = 500
  /// RFC 9207 `iss`; empty = not sent.
  public var issuer: [UInt8] = []

  public init() {}
}
