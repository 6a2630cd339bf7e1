/// Every limit of the rules, in one place; `proto-spec/limits.md` has the same numbers.
public enum Limits {
  // Text, in bytes; scalars where the documentation says characters.
  public static let userIDMaxBytes = 128
  public static let clientIDBytes = 26
  public static let appNameMaxScalars = 64
  public static let appNameMaxBytes = 256
  public static let appDescriptionMaxScalars = 512
  public static let appDescriptionMaxBytes = 2_048
  public static let homepageMaxBytes = 256
  public static let iconURLMaxBytes = 512
  public static let callbacksMaxCount = 16
  /// Also the limit of `redirect_uri`, so that every registered callback can be used.
  public static let redirectURIMaxBytes = 256
  /// Counting one byte more for each entry.
  public static let callbacksTotalMaxBytes = 1_024
  public static let stateMaxBytes = 1_024
  public static let scopeMaxBytes = 128
  public static let scopesMaxCount = 16
  public static let codeChallengeBytes = 43
  public static let codeVerifierMinBytes = 43
  public static let codeVerifierMaxBytes = 128
  public static let audienceMaxBytes = 512
  public static let audiencesMaxCount = 8
  public static let audiencesTotalMaxBytes = 1_024
  public static let issuerMaxBytes = 256
  public static let allowlistMaxCount = 16
  public static let allowlistTotalMaxBytes = 2_048

  // Times.
  public static let codeLifetimeSeconds: ClosedRange<UInt32> = 1...600
  public static let tokenLifetimeSeconds: ClosedRange<UInt32> = 60...315_360_000
  public static let refreshGraceSeconds: ClosedRange<UInt32> = 0...60
  public static let consentTicketMillis: UInt64 = 600_000
  /// How long a redeemed code is remembered, to revoke what it produced when it is shown again.
  public static let redeemedCodeMillis: UInt64 = 600_000
  public static let retryWindowMillis: UInt64 = 600_000

  /// Positions, batches' numbers, sequences and times of what is read back are not above it: a
  /// million commits a second for four years, the year 6429. Half of the 48 bits that they have, so
  /// that what follows them is never above those.
  public static let numberMax: UInt64 = 1 << 47

  // Counts.
  /// Also bounds how long a list of one person's grants, or the making of one more, takes.
  public static let grantsPerUser: ClosedRange<UInt32> = 1...1_000
  /// Applications that one person, no system administrator, has registered: nobody takes every
  /// place.
  public static let appsPerCreator = 256
  /// Remembered Allows of one person; the oldest goes.
  public static let consentsPerUser = 1_000
  public static let issuedTokensPerCall = 128
  /// Scope sets and audiences that one application may bring by itself, since the start.
  public static let newTextsPerApp = 1_024
  public static let clientAuthenticationFailuresPerMinute = 20
  public static let dynamicRegistrationIntervalMillis: UInt64 = 500
  /// Slots of a table that one page of a list looks at, so that no list holds the lane up.
  public static let listScanSlots = 4_096
  /// Slots of each table that are examined for reclaim, for each token that a mutation may issue.
  public static let reclaimSlotsPerToken = 4
  /// The same where the table of tokens is full: some work for one call instead of a refusal.
  public static let reclaimSlotsWhenFull = 4_096
  /// Dead grants of one person that are freed at once when room is made for a new one.
  public static let freedGrantsPerMutation = 256

  /// The scope of a token for which none was asked (F33).
  public static let defaultScope: [UInt8] = Array("user".utf8)
}
