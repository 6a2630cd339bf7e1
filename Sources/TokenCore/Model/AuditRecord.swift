/// What happened, to whom, by whom (F46). Written in the same commit as the thing it tells of.
public struct AuditRecord: Equatable, Sendable {
  /// What happened. The raw value is stored in the record, so a new event takes a new number.
  public enum Event: UInt8, Sendable, CaseIterable {
    case appRegistered = 1
    case appRegisteredDynamically, appUpdated, appDeleted, secretRegenerated
    case authorized, denied, deauthorized
    case codeExchanged, tokenRefreshed, clientCredentialsIssued, tokensIssued
    case tokenRevoked, grantRevoked
    case userDisabled, userEnabled, userRevoked, appRevoked, revokedBefore
    case settingsChanged, keyRotated, keyRetired
    case codeReplayed, refreshTokenReused
  }

  public var position: UInt64
  public var atMillis: UInt64
  public var event: Event
  /// The refusal's number, 0 where it succeeded.
  public var refusal: UInt16
  public var peerUID: UInt32
  /// Who asked: a person, or empty for a client or for local administration.
  public var actor: [UInt8]
  /// Whom it concerns.
  public var user: [UInt8]
  public var clientID: [UInt8]

  public init(
    position: UInt64, atMillis: UInt64, event: Event, refusal: UInt16, peerUID: UInt32,
    actor: [UInt8], user: [UInt8], clientID: [UInt8]
  ) {
    self.position = position
    self.atMillis = atMillis
    self.event = event
    self.refusal = refusal
    self.peerUID = peerUID
    self.actor = actor
    self.user = user
    self.clientID = clientID
  }
}

extension AuditRecord.Event {
  /// The name that people and scripts see.
  public var name: String {
    switch self {
    case .appRegistered: "app-registered"
    case .appRegisteredDynamically: "app-registered-dynamically"
    case .appUpdated: "app-updated"
    case .appDeleted: "app-deleted"
    case .secretRegenerated: "secret-regenerated"
    case .authorized: "authorized"
    case .denied: "denied"
    case .deauthorized: "deauthorized"
    case .codeExchanged: "code-exchanged"
    case .tokenRefreshed: "token-refreshed"
    case .clientCredentialsIssued: "client-credentials-issued"
    case .tokensIssued: "tokens-issued"
    case .tokenRevoked: "token-revoked"
    case .grantRevoked: "grant-revoked"
    case .userDisabled: "user-disabled"
    case .userEnabled: "user-enabled"
    case .userRevoked: "user-revoked"
    case .appRevoked: "app-revoked"
    case .revokedBefore: "revoked-before"
    case .settingsChanged: "settings-changed"
    case .keyRotated: "key-rotated"
    case .keyRetired: "key-retired"
    case .codeReplayed: "code-replayed"
    case .refreshTokenReused: "refresh-token-reused"
    }
  }
}
