/// One change of the state, as final values with its slot named. `apply` performs it without a
/// question; the journal keeps it. A released effect type is frozen: what an old journal says
/// must mean the same to every later version.
public enum Effect: Sendable, Equatable {
  case tokenIssued(UInt32, TokenRecord)
  /// Ended before its time; the record stays until it is reclaimed, so that a verdict can say so.
  case tokenRevoked(UInt32)
  case tokenFreed(UInt32)
  case grant(UInt32, Grant)
  case grantFreed(UInt32)
  indirect case family(UInt32, RefreshFamily)
  case familyFreed(UInt32)
  indirect case code(UInt32, AuthorizationCode)
  case codeFreed(UInt32)
  case consent(UInt32, Consent)
  case consentFreed(UInt32)
  indirect case app(UInt32, ClientApplication)
  case appFreed(UInt32)
  case user(UInt32, User)
  case userFreed(UInt32)
  case ticketUsed(UInt32, UsedTicket)
  case ticketFreed(UInt32)
  case gateRaised(Gate, position: UInt64)
  case scopeSet(UInt16, [UInt8])
  case audience(UInt16, [UInt8])
  indirect case settings(Settings)
  case key(SigningKey)
  indirect case retry(UInt32, RetryRecord)
  indirect case audit(UInt32, AuditRecord)
  case moment(UInt32, Moment)
  // Not kept: what only rate limits look at.
  case clientAuthenticationFailed(UInt32, atMillis: UInt64)
  case dynamicRegistration(atMillis: UInt64)
  /// An application brought a scope set or an audience that was not known before.
  case newTextOfApp(UInt32)
}
