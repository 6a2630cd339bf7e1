/// The number of each effect type in a journal. Frozen: a number once released is never given to
/// another type, and a change of a type's bytes is a new version of it.
///
/// The two effects that only rate limits look at have no number; they are not kept.
enum EffectCode: UInt8, CaseIterable {
  case tokenIssued = 1
  case tokenRevoked = 2
  case tokenFreed = 3
  case grant = 4
  case grantFreed = 5
  case family = 6
  case familyFreed = 7
  case code = 8
  case codeFreed = 9
  case consent = 10
  case consentFreed = 11
  case app = 12
  case appFreed = 13
  case user = 14
  case userFreed = 15
  case ticketUsed = 16
  case ticketFreed = 17
  case gateRaised = 18
  case scopeSet = 19
  case audience = 20
  case settings = 21
  case key = 22
  case retry = 23
  case audit = 24
  case moment = 25

  /// The version that this program writes, and the only one so far.
  static let version: UInt8 = 1
}

extension Effect {
  /// Whether a journal keeps it.
  public var isKept: Bool {
    switch self {
    case .clientAuthenticationFailed, .dynamicRegistration, .newTextOfApp: false
    default: true
    }
  }
}
