/// Why an operation was refused, in words for the person who can mend it. Texts name fields and
/// rules, never a token, a secret or somebody else's data.
public struct Refusal: Error, Equatable, Sendable {
  /// The numbers are those of the protocol's status registry, which has more: what only the wire
  /// or a front answers.
  public enum Reason: UInt16, Sendable, CaseIterable {
    case invalidRequest = 0x0101
    case invalidClient = 0x0102
    case invalidGrant = 0x0103
    case unauthorizedClient = 0x0104
    case invalidScope = 0x0106
    case invalidTarget = 0x0107
    case unsupportedResponseType = 0x0108
    case invalidRedirectURI = 0x010A
    case invalidClientMetadata = 0x010B
    case providerOff = 0x0201
    case notFound = 0x0202
    case forbidden = 0x0203
    case personLoginRefused = 0x0204
    case invalidField = 0x0205
    case limitReached = 0x0206
    case rateLimited = 0x0207
    case userDisabled = 0x0208
    case revisionConflict = 0x0209
    case ticketInvalid = 0x020A
    case keyInUse = 0x020B
    case publicClient = 0x020C
    case registrationOff = 0x020D
    case futureTime = 0x020E
    case unknownSetting = 0x020F
    /// The same idempotency key came with another body.
    case idempotencyConflict = 0x000B
  }

  public var reason: Reason
  /// The request field it is about, as the protocol names it; empty where it is about none.
  public var field: String
  public var message: String
  public var retryAfterMillis: UInt32

  public init(
    _ reason: Reason, field: String = "", _ message: String, retryAfterMillis: UInt32 = 0
  ) {
    self.reason = reason
    self.field = field
    self.message = message
    self.retryAfterMillis = retryAfterMillis
  }
}
