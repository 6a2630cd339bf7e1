/// The error registry: the `status` of a reply. 0 is success, 1...15 are about the connection and
/// the service, 0x01.. are the errors of RFC 6749 and its extensions, 0x02.. are Signet's own.
/// A status that this build does not know stays a number in `FrameHeader.status`.
public enum Status: UInt16, Sendable, CaseIterable {
  case ok = 0
  case malformed = 1
  case unsupported = 2
  case version = 3
  case helloRequired = 4
  case frameTooLarge = 5
  case denied = 6
  case busy = 7
  case draining = 8
  case notCaughtUp = 9
  case notDurable = 10
  case idempotencyConflict = 11
  case diskFull = 12
  case timeout = 13
  case tooManyConnections = 14
  case `internal` = 15
  case invalidRequest = 0x0101
  case invalidClient = 0x0102
  case invalidGrant = 0x0103
  case unauthorizedClient = 0x0104
  case unsupportedGrantType = 0x0105
  case invalidScope = 0x0106
  case invalidTarget = 0x0107
  case unsupportedResponseType = 0x0108
  case accessDenied = 0x0109
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

  /// Who can make the error go away.
  public enum Fixer: String, Sendable {
    /// Whoever wrote the program that sent the request (or the third-party app behind it).
    case clientAuthor = "client-author"
    /// Whoever runs the service.
    case `operator` = "operator"
    /// The person whose request it was.
    case user = "user"
    /// Whoever writes Signet: it is a fault of the server.
    case developers = "signet-developers"
    /// Nobody has to: it passes.
    case nobody = "nobody"
  }

  /// Whether the server closes the connection after this error.
  public var isFatal: Bool {
    switch self {
    case .malformed, .version, .helloRequired, .frameTooLarge, .timeout, .tooManyConnections:
      true
    default: false
    }
  }

  /// Whether the same request may succeed later, unchanged (mutations: with their key).
  public var isRetriable: Bool {
    switch self {
    case .busy, .draining, .notCaughtUp, .diskFull, .timeout, .tooManyConnections, .rateLimited:
      true
    default: false
    }
  }

  /// Who fixes it.
  public var fixer: Fixer {
    switch self {
    case .ok, .busy, .draining, .notCaughtUp:
      .nobody
    case .denied, .notDurable, .diskFull, .tooManyConnections, .providerOff, .limitReached,
      .userDisabled, .keyInUse, .registrationOff, .futureTime, .unknownSetting:
      .operator
    case .accessDenied, .notFound, .forbidden, .personLoginRefused, .invalidField,
      .revisionConflict, .ticketInvalid, .publicClient:
      .user
    case .internal: .developers
    default: .clientAuthor
    }
  }
}
